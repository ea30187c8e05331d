/// Percent-decodes a path, once.
enum PathDecoder {
  /// Returns `path` itself where nothing in it is encoded.
  static func decode(_ path: String) throws(PathError) -> String {
    guard path.utf8.first == UInt8(ascii: "/") else { throw .notAbsolute }
    var hasEscape = false
    var offset = 0
    for byte in path.utf8 {
      if isForbidden(byte) { throw .forbiddenCharacter(offset: offset) }
      if byte == UInt8(ascii: "%") { hasEscape = true }
      offset += 1
    }
    if !hasEscape { return path }
    guard let decoded = String(validating: try unescape(Array(path.utf8)), as: UTF8.self) else { throw .notUTF8 }
    return decoded
  }

  private static func unescape(_ path: [UInt8]) throws(PathError) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(path.count)
    var index = 0
    while index < path.count {
      guard path[index] == UInt8(ascii: "%") else {
        decoded.append(path[index])
        index += 1
        continue
      }
      guard index + 2 < path.count, let byte = PercentEncoding.byte(path[index + 1], path[index + 2]) else {
        throw .badEscape(offset: index)
      }
      if byte == UInt8(ascii: "/") || isForbidden(byte) { throw .forbiddenCharacter(offset: index) }
      decoded.append(byte)
      index += 3
    }
    return decoded
  }

  private static func isForbidden(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\\")
  }
}
