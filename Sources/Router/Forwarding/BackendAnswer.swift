import HTTP
import MetricsAPI

/// Turns a backend's answer into the caller's: what the backend said reaches the caller, what it did not say is never
/// made up.
enum BackendAnswer {
  /// `spoken` is the version the backend was asked in, `wanted` the one the caller asked for.
  static func response(
    to answer: ReceivedResponse, source: String, spoken: MetricsGroupVersion, wanted: MetricsGroupVersion
  ) -> Response {
    switch answer.status {
    case 200: return success(answer, source: source, spoken: spoken, wanted: wanted)
    case 201..<400:
      // A redirect is not followed: it would take the router's token elsewhere, and the caller's trust with it.
      return StatusResponse.badGateway("metrics source \(source) answered with unexpected status \(answer.status)")
    case 401:
      // The caller has been authenticated; it is the router whom the backend does not accept.
      return StatusResponse.badGateway(
        "metrics source \(source) does not accept the router's credentials (401 Unauthorized)")
    default: return passOn(answer)
    }
  }

  private static func success(
    _ answer: ReceivedResponse, source: String, spoken: MetricsGroupVersion, wanted: MetricsGroupVersion
  ) -> Response {
    guard let type = contentType(answer), isJSON(type) else {
      return StatusResponse.badGateway("metrics source \(source) answered 200 with a body that is not JSON")
    }
    guard looksLikeObject(answer.body) else {
      return StatusResponse.badGateway("metrics source \(source) answered 200 with a body that is not a JSON object")
    }
    guard spoken != wanted else { return Response(status: 200, contentType: type, body: answer.body) }
    do throws(TranslationError) {
      let body = try MetricValueListTranslation.translate(answer.body, to: wanted)
      return Response(status: 200, contentType: "application/json", body: body)
    } catch {
      return StatusResponse.badGateway(
        "metrics source \(source): its answer cannot be translated to \(wanted.version): \(error)")
    }
  }

  private static func passOn(_ answer: ReceivedResponse) -> Response {
    var fields: [(name: String, value: String)] = []
    if let retryAfter = answer.headers.first("retry-after") {
      fields.append(("Retry-After", String(decoding: retryAfter, as: UTF8.self)))
    }
    return Response(
      status: answer.status, contentType: contentType(answer) ?? "text/plain; charset=utf-8", body: answer.body,
      fields: fields)
  }

  private static func contentType(_ answer: ReceivedResponse) -> String? {
    answer.headers.first("content-type").map { String(decoding: $0, as: UTF8.self) }
  }

  private static func isJSON(_ type: String) -> Bool {
    type.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }.elementsEqual("application/json".utf8)
  }

  /// The braces of the outermost object: enough to tell an answer from an error page or a truncated copy, without
  /// reading it all.
  private static func looksLikeObject(_ body: [UInt8]) -> Bool {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }
    guard let first = body.first(where: { !isSpace($0) }), let last = body.last(where: { !isSpace($0) }) else {
      return false
    }
    return first == UInt8(ascii: "{") && last == UInt8(ascii: "}")
  }
}
