/// Why a backend's answer to `GET /apis/G/V` is not a list of metrics.
package enum ListingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Not JSON, or not of the shape of an `APIResourceList`.
  case malformed(reason: String)
  case wrongKind(found: String)
  case wrongGroupVersion(found: String, expected: MetricsGroup)

  package var description: String {
    switch self {
    case .malformed(let reason):
      "the answer is not an APIResourceList (\(reason)): check that the service is a metrics adapter"
    case .wrongKind(let found):
      "the answer is of kind \"\(found)\", not APIResourceList: check that the service is a metrics adapter"
    case .wrongGroupVersion(let found, let expected):
      "the answer lists \"\(found)\", not \(expected.rawValue): check spec.metricTypes and spec.service"
    }
  }

  static func reason(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .keyNotFound(let key, _): return "it has no \"\(key.stringValue)\""
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" has another type"
    case .dataCorrupted: return "it is not JSON"
    @unknown default: return "\(error)"
    }
  }
}
