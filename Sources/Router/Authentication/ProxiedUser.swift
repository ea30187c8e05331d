import Glibc
import HTTP

/// The user that a front proxy last spoke for on a connection, with the fields that it said it by: as long as they stay
/// the same, so does the user.
struct ProxiedUser {
  /// In bytes; more is not kept.
  private static let maximumFields = 8 * 1024

  let user: UserInfo
  /// Name and value of each field that counts, one after another, with their lengths.
  private let said: [UInt8]

  /// Nil where the fields are too long to be kept.
  init?(_ user: UserInfo, _ headers: HeaderBlock, _ configuration: RequestHeaderConfiguration) {
    var said: [UInt8] = []
    for field in headers.fields where configuration.speaks(headers.bytes[field.name]) {
      Self.append(headers.bytes[field.name], to: &said)
      Self.append(headers.bytes[field.value], to: &said)
      guard said.count <= Self.maximumFields else { return nil }
    }
    self.user = user
    self.said = said
  }

  /// Whether these fields say what those said.
  func isSame(_ headers: HeaderBlock, _ configuration: RequestHeaderConfiguration) -> Bool {
    said.withUnsafeBytes { said in
      headers.bytes.withUnsafeBytes { bytes in
        var position = 0
        for field in headers.fields {
          let name = UnsafeRawBufferPointer(rebasing: bytes[field.name])
          guard configuration.speaks(name) else { continue }
          guard Self.take(name, from: said, at: &position),
            Self.take(UnsafeRawBufferPointer(rebasing: bytes[field.value]), from: said, at: &position)
          else { return false }
        }
        return position == said.count
      }
    }
  }

  private static func append(_ bytes: ArraySlice<UInt8>, to said: inout [UInt8]) {
    withUnsafeBytes(of: UInt32(bytes.count)) { said.append(contentsOf: $0) }
    said.append(contentsOf: bytes)
  }

  private static func take(
    _ bytes: UnsafeRawBufferPointer, from said: UnsafeRawBufferPointer, at position: inout Int
  ) -> Bool {
    let start = position + MemoryLayout<UInt32>.size
    guard start + bytes.count <= said.count,
      said.loadUnaligned(fromByteOffset: position, as: UInt32.self) == UInt32(bytes.count)
    else { return false }
    position = start + bytes.count
    guard let base = bytes.baseAddress, let saidBase = said.baseAddress else { return true }
    return memcmp(base, saidBase + start, bytes.count) == 0
  }
}
