/// A ServiceAccount, as a person names it: `NAMESPACE/NAME`, or `NAME` in the namespace that one is in.
package struct AccountReference: Sendable, Equatable, CustomStringConvertible {
  package let namespace: String?
  package let name: String

  /// Nil for what cannot be the name of a namespace (a label of RFC 1123) or of a ServiceAccount (a subdomain).
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let name = parts.last, name.utf8.count <= 253,
      name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ Self.isLabel($0) })
    else { return nil }
    if parts.count == 2 { guard Self.isLabel(parts[0]) else { return nil } }
    namespace = parts.count == 2 ? String(parts[0]) : nil
    self.name = String(name)
  }

  package var description: String { (namespace.map { $0 + "/" } ?? "") + name }

  private static func isLabel(_ text: Substring) -> Bool {
    let isAlphanumeric: (UInt8) -> Bool = {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
    }
    guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= 63 else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }
}

extension ValueType where Value == AccountReference {
  package static var account: Self {
    ValueType(
      placeholder: "[NAMESPACE/]NAME", expectation: "the name of a ServiceAccount, NAMESPACE/NAME or NAME",
      parse: { AccountReference($0) }, format: { $0.description })
  }
}
