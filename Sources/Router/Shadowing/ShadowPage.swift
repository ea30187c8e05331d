import HTTP
import MetricsAPI

/// `/debug/shadow`: what comparing sources with those that they shadow has come to, in JSON. The controller reads it for the
/// status of the sources.
struct ShadowPage: StatusPage {
  let path = "/debug/shadow"
  let summary = ": how sources compare with those that they shadow"
  let summaries: ShadowSummaries

  func response(to request: RequestHead) async -> Response {
    Response(status: 200, contentType: MediaType.json.name, body: summaries.json())
  }
}
