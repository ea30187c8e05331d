import HTTP
import MetricsAPI

/// The request that a backend gets: made of the parsed request alone, never of the bytes that the caller sent, so that what
/// was authorized is what is asked. Nothing that identifies the caller is in it.
enum BackendRequest {
  /// `authorization` is the router's own, already decided to be sent; `accept` is chosen here, not by the caller.
  static func make(
    _ request: MetricRequest, query: MetricQuery, version: MetricsGroupVersion, authority: String,
    authorization: String?, accept: String, userAgent: String, requestID: String
  ) -> ClientRequest {
    var target = request.path(for: version)
    let encoded = query.encoded()
    if !encoded.isEmpty {
      target.append("?")
      target.append(encoded)
    }
    var fields: [ClientRequest.Field] = []
    fields.reserveCapacity(4)
    fields.append(.init("accept", accept))
    fields.append(.init("user-agent", userAgent))
    fields.append(.init("audit-id", requestID, isIndexed: false))
    if let authorization { fields.append(.init("authorization", authorization)) }
    return ClientRequest(target: target, authority: authority, fields: fields)
  }
}
