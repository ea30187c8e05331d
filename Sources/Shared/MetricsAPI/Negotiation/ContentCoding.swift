/// The content codings of HTTP (RFC 9110, section 8.4.1) that an answer may be sent in.
package enum ContentCoding {
  /// What is above this many bytes is worth compressing, as API servers see it (`defaultGzipThresholdBytes` in
  /// `pkg/endpoints/handlers/responsewriters/writers.go` of k8s.io/apiserver).
  package static let threshold = 128 << 10

  /// Whether a caller takes gzip by the value of its `Accept-Encoding` field.
  ///
  /// It must name gzip, `*` is not enough, as for `ContentEncodingSupported` of k8s.io/apiserver; beyond that function,
  /// a weight of 0 is honoured. Of several mentions the first counts. Allocates nothing.
  package static func acceptsGzip(_ acceptEncoding: ArraySlice<UInt8>?) -> Bool {
    guard var rest = acceptEncoding else { return false }
    if rest.isExactly("gzip") { return true }
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: ",")) ?? rest.endIndex
      let token = rest[..<end]
      rest = rest[end...].dropFirst()
      let nameEnd = token.firstIndex(of: UInt8(ascii: ";")) ?? token.endIndex
      if token[..<nameEnd].trimmed.matches("gzip") { return !isRefused(token[nameEnd...]) }
    }
    return false
  }

  /// Whether `parameters`, which begin with their semicolon, hold a weight of 0: `;q=0`, `; q=0.000`.
  private static func isRefused(_ parameters: ArraySlice<UInt8>) -> Bool {
    var rest = parameters.dropFirst()
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: ";")) ?? rest.endIndex
      let parameter = rest[..<end].trimmed
      rest = rest[end...].dropFirst()
      guard let equals = parameter.firstIndex(of: UInt8(ascii: "=")), parameter[..<equals].trimmed.matches("q") else {
        continue
      }
      let weight = parameter[equals...].dropFirst().trimmed
      return weight.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
    }
    return false
  }
}
