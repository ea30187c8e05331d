/// The names of RFC 1123 that Kubernetes allows (k8s.io/apimachinery `pkg/util/validation`).
package enum DNSName {
  /// A label: at most 63 of `a-z`, `0-9` and `-`, neither beginning nor ending with `-`.
  package static func isLabel(_ name: some StringProtocol) -> Bool {
    let bytes = Array(name.utf8)
    guard (1...63).contains(bytes.count), bytes.first != hyphen, bytes.last != hyphen else { return false }
    return bytes.allSatisfy { isAlphanumeric($0) || $0 == hyphen }
  }

  /// Labels joined by dots, at most 253 bytes.
  package static func isSubdomain(_ name: String) -> Bool {
    name.utf8.count <= 253 && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isLabel($0) }
  }

  /// A name that a certificate may have and nothing takes for an address: a subdomain whose last label is no number in any
  /// spelling of inet_aton(3), or four plain numbers, which are an address in its one canonical spelling.
  static func isServerName(_ name: String) -> Bool {
    guard isSubdomain(name), let last = name.split(separator: ".").last else { return false }
    let isNumber = last.allSatisfy(\.isNumber) || last.hasPrefix("0x") && last.dropFirst(2).allSatisfy(\.isHexDigit)
    guard isNumber else { return true }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { part in UInt8(part).map { String($0) == part } ?? false }
  }

  private static let hyphen = UInt8(ascii: "-")

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
