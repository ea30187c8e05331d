import Compression
import HTTP
import MetricsAPI
import YAML

/// How a caller wants an answer written: as JSON, indented or not, as YAML, or in protobuf where the source speaks it; in
/// gzip where it is large. Follows `WriteObjectNegotiated` of k8s.io/apiserver (`pkg/endpoints/handlers/responsewriters`).
struct Presentation {
  /// What the caller accepts; nil for nothing that there is.
  let accepted: AcceptedTypes?
  /// Whether JSON is indented for it: a person reads it.
  let isPretty: Bool
  private let takesGzip: Bool

  /// `pretty` is what the query says of it.
  init(_ request: RequestHead, pretty: Bool?) {
    accepted = AcceptedTypes.negotiate(request.headers.first("accept"))
    isPretty =
      accepted?.isPretty == true
      || PrettyJSON.isPretty(query: pretty, userAgent: request.headers.first("user-agent"))
    takesGzip = ContentCoding.acceptsGzip(request.headers.first("accept-encoding"))
  }

  private init(accepting accept: String) {
    accepted = AcceptedTypes.negotiate(Array(accept.utf8)[...])
    isPretty = false
    takesGzip = false
  }

  /// For a program that takes compact JSON alone.
  static let json = Presentation(accepting: MediaType.json.name)

  /// What a source is asked for. Protobuf only where its answer can be passed on as it is, since nobody reads it here.
  func wanted(passesThrough: Bool) -> String? {
    guard let accepted else { return nil }
    let canConvert = accepted.best(of: .written) != nil
    guard passesThrough, accepted.contains(.protobuf), accepted.prefersProtobuf || !canConvert else {
      return canConvert ? MediaType.json.name : nil
    }
    return canConvert ? Self.protobufOrJSON : MediaType.protobuf.name
  }

  private static let protobufOrJSON = "\(MediaType.protobuf.name), \(MediaType.json.name)"

  /// Writes anew what is JSON so far. A failure that cannot be written as wanted is written as JSON all the same, since its
  /// reason counts more, and for a person, since no program will read it.
  func write(_ response: Response) -> Response {
    guard response.contentType == MediaType.json.name else { return compressed(response) }
    var response = response
    let isFailure = response.status >= 400
    switch accepted?.best(of: .written) {
    case .yaml where response.body.count <= Document.maximumConvertedBytes:
      guard let text = try? YAML.text(json: response.body) else { return unreadable(response) }
      response.body = text
      response.contentType = MediaType.yaml.name
    case .json where isPretty && response.body.count <= Document.maximumConvertedBytes:
      guard let text = try? PrettyJSON.indent(response.body) else { return unreadable(response) }
      response.body = text
    case .json: break
    case .yaml, .protobuf, nil:
      if accepted?.contains(.json) == true { break }
      guard isFailure else { return StatusResponse.notAcceptable() }
      response.body = (try? PrettyJSON.indent(response.body)) ?? response.body
    }
    return compressed(response)
  }

  private func unreadable(_ response: Response) -> Response {
    response.status >= 400
      ? response : StatusResponse.badGateway("the metrics source answered with a body that is not JSON")
  }

  private func compressed(_ response: Response) -> Response {
    // What is larger would keep the loop's other callers waiting.
    guard takesGzip, response.status == 200, response.body.count > ContentCoding.threshold,
      response.body.count <= Document.maximumConvertedBytes,
      let body = try? Gzip.compress(response.body)
    else { return response }
    var response = response
    response.body = body
    response.fields.append(("Content-Encoding", "gzip"))
    response.fields.append(("Vary", "Accept-Encoding"))
    return response
  }
}
