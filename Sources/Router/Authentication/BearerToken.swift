import HTTP

/// Finds the token of a request (`k8s.io/apiserver/pkg/authentication/request/bearertoken`): in the first
/// `Authorization` field alone, its scheme in any case, then one space; what follows the next space is left out. A
/// second space before the token makes it no bearer's.
enum BearerToken {
  private static let scheme: StaticString = "bearer"

  /// Nil where there is none, which is no error.
  static func token(of field: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let parts = trimmed(field).split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, isScheme(parts[0]), !parts[1].isEmpty else { return nil }
    return parts[1]
  }

  private static func isScheme(_ word: ArraySlice<UInt8>) -> Bool {
    scheme.withUTF8Buffer { scheme in
      word.count == scheme.count && zip(word, scheme).allSatisfy { ($0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0) == $1 }
    }
  }

  private static func trimmed(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    let rest = field.drop(while: isBlank)
    guard let last = rest.lastIndex(where: { !isBlank($0) }) else { return [] }
    return rest[...last]
  }
}
