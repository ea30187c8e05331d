import TLS

/// Whom to believe that it speaks for others, and in which header fields it does. Field names are in lower case.
struct RequestHeaderConfiguration: Sendable {
  let authority: TrustStore
  /// Common names a front proxy may have; empty allows any.
  let allowedNames: [String]
  let usernameHeaders: [String]
  let uidHeaders: [String]
  let groupHeaders: [String]
  let extraPrefixes: [String]
  private let names: [[UInt8]]
  private let prefixes: [[UInt8]]

  init(
    authority: TrustStore, allowedNames: [String], usernameHeaders: [String], uidHeaders: [String],
    groupHeaders: [String], extraPrefixes: [String]
  ) {
    self.authority = authority
    self.allowedNames = allowedNames
    self.usernameHeaders = Self.usable(usernameHeaders)
    self.uidHeaders = Self.usable(uidHeaders)
    self.groupHeaders = Self.usable(groupHeaders)
    self.extraPrefixes = Self.usable(extraPrefixes)
    names = (self.usernameHeaders + self.uidHeaders + self.groupHeaders).map { Array($0.utf8) }
    prefixes = self.extraPrefixes.map { Array($0.utf8) }
  }

  /// An empty prefix would make an extra of every field, the caller's token included.
  private static func usable(_ names: [String]) -> [String] { names.filter { !$0.isEmpty }.map { $0.lowercased() } }

  /// Whether a field of this name says something about the user.
  func speaks(_ name: some Collection<UInt8>) -> Bool {
    names.contains { $0.count == name.count && Self.begins(name, with: $0) }
      || prefixes.contains { $0.count <= name.count && Self.begins(name, with: $0) }
  }

  private static func begins(_ name: some Collection<UInt8>, with prefix: [UInt8]) -> Bool {
    zip(name, prefix).allSatisfy { ($0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0) == $1 }
  }
}
