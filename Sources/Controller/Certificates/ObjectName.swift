import Options
import Routing

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
    guard parts.count == 2, DNSName.isLabel(parts[0]), DNSName.isSubdomain(parts[1]) else { return nil }
    self.init(namespace: parts[0], name: parts[1])
  }

  var description: String { "\(namespace)/\(name)" }
}

extension ValueType where Value == ObjectName {
  static let objectName = ValueType(
    placeholder: "namespace/name", expectation: "a namespace and a name with a slash between them",
    parse: { ObjectName($0) }, format: { "\($0)" })
}

extension ValueType where Value == ObjectName? {
  /// An empty value means no object.
  static let optionalObjectName = ValueType(
    placeholder: "namespace/name", expectation: "a namespace and a name with a slash between them, or nothing",
    parse: { text in text.isEmpty ? .some(nil) : ObjectName(text).map { .some($0) } },
    format: { $0.map { "\($0)" } ?? "" })
}

extension ValueType where Value == String {
  static let namespace = ValueType(
    placeholder: "name", expectation: "the name of a namespace", parse: { DNSName.isLabel($0) ? $0 : nil },
    format: { $0 })
  static func subdomain(_ placeholder: String) -> ValueType {
    ValueType(
      placeholder: placeholder, expectation: "labels of a-z, 0-9 and -, joined by dots",
      parse: { DNSName.isSubdomain($0) ? $0 : nil }, format: { $0 })
  }
}
