import Options

/// An object of a namespace: `metrics-router/metrics-apiserver`.
struct ObjectName: Sendable, Hashable, CustomStringConvertible {
  var namespace: String
  var name: String

  init(namespace: String, name: String) {
    self.namespace = namespace
    self.name = name
  }

  /// Nil unless `text` is two labels of RFC 1123, or the second one a subdomain, with a slash between them.
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, Self.isLabel(parts[0]), parts[1].utf8.count <= 253,
      parts[1].split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ Self.isLabel(String($0)) })
    else { return nil }
    self.init(namespace: parts[0], name: parts[1])
  }

  var description: String { "\(namespace)/\(name)" }

  private static func isLabel(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    func isAlphanumeric(_ byte: UInt8) -> Bool {
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
    guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }
}

extension ValueType where Value == ObjectName {
  static let objectName = ValueType(
    placeholder: "namespace/name", expectation: "a namespace and a name with a slash between them",
    parse: { ObjectName($0) }, format: { "\($0)" })
}

extension ValueType where Value == ObjectName? {
  /// Nothing is none.
  static let optionalObjectName = ValueType(
    placeholder: "namespace/name", expectation: "a namespace and a name with a slash between them, or nothing",
    parse: { text in text.isEmpty ? .some(nil) : ObjectName(text).map { .some($0) } },
    format: { $0.map { "\($0)" } ?? "" })
}
