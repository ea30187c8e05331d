import HTTP
import MetricsAPI
import Routing

/// Turns a backend's answer into the caller's: what the backend said reaches the caller, what it did not say is never
/// made up.
enum BackendAnswer {
  /// What the caller is told, and whether the next candidate may be asked instead. `accept` is what the backend was asked
  /// for; `judgesItems` looks into a list for items.
  static func read(
    _ answer: ReceivedResponse, source: String, spoken: MetricsGroupVersion, wanted: MetricsGroupVersion,
    accept: String, judgesItems: Bool
  ) -> (response: Response, outcome: FallThrough?) {
    let response = response(to: answer, source: source, spoken: spoken, wanted: wanted, accept: accept)
    if let outcome = FallThrough(status: answer.status) { return (response, outcome) }
    // What could not be used has become a failure of the router's own.
    if response.status == 502 { return (response, .serverError) }
    guard judgesItems, response.status == 200 else { return (response, nil) }
    do throws(JSONScanner.Failure) {
      return (response, try MetricValueList.isEmpty(response.body) ? .empty : nil)
    } catch {
      let failure = StatusResponse.badGateway("metrics source \(source) answered 200 with a body that is not JSON")
      return (failure, .serverError)
    }
  }

  /// `spoken` is the version the backend was asked in, `wanted` the one the caller asked for.
  private static func response(
    to answer: ReceivedResponse, source: String, spoken: MetricsGroupVersion, wanted: MetricsGroupVersion,
    accept: String
  ) -> Response {
    if let coding = answer.headers.first("content-encoding"), !coding.elementsEqual("identity".utf8) {
      // None was asked for, and what cannot be read cannot be vouched for.
      return StatusResponse.badGateway(
        "metrics source \(source) answered in a content coding that it was not asked for")
    }
    switch answer.status {
    case 200: return success(answer, source: source, spoken: spoken, wanted: wanted, accept: accept)
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
    _ answer: ReceivedResponse, source: String, spoken: MetricsGroupVersion, wanted: MetricsGroupVersion,
    accept: String
  ) -> Response {
    let type = answer.headers.first("content-type") ?? []
    // Who takes JSON alone cannot read it, whatever the backend makes of that.
    if names(type, .protobuf), accept.hasPrefix(MediaType.protobuf.name), spoken == wanted,
      answer.body.starts(with: protobufMagic)
    {
      return Response(status: 200, contentType: MediaType.protobuf.name, body: answer.body)
    }
    guard names(type, .json) else {
      return StatusResponse.badGateway("metrics source \(source) answered 200 with a body that is not JSON")
    }
    guard looksLikeObject(answer.body) else {
      return StatusResponse.badGateway("metrics source \(source) answered 200 with a body that is not a JSON object")
    }
    guard spoken != wanted else { return Response(status: 200, contentType: MediaType.json.name, body: answer.body) }
    do throws(TranslationError) {
      let body = try MetricValueListTranslation.translate(answer.body, to: wanted)
      return Response(status: 200, contentType: MediaType.json.name, body: body)
    } catch {
      return StatusResponse.badGateway(
        "metrics source \(source): its answer cannot be translated to \(wanted.version): \(error)")
    }
  }

  /// What every object in protobuf begins with (k8s.io/apimachinery `pkg/runtime/serializer/protobuf`).
  private static let protobufMagic: [UInt8] = [0x6b, 0x38, 0x73, 0x00]

  private static func passOn(_ answer: ReceivedResponse) -> Response {
    var fields: [(name: String, value: String)] = []
    if let retryAfter = answer.headers.first("retry-after") {
      fields.append(("Retry-After", String(decoding: retryAfter, as: UTF8.self)))
    }
    let type = answer.headers.first("content-type") ?? []
    let name = names(type, .json) ? MediaType.json.name : String(decoding: type, as: UTF8.self)
    return Response(
      status: answer.status, contentType: name.isEmpty ? "text/plain; charset=utf-8" : name, body: answer.body,
      fields: fields)
  }

  /// Whether a `Content-Type` names `type`, whatever its parameters.
  private static func names(_ contentType: ArraySlice<UInt8>, _ type: MediaType) -> Bool {
    contentType.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }.elementsEqual(type.name.utf8)
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
