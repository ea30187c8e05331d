import COpenSSL

/// The first lines of a snapshot file, which have a fixed form, so that the whole file can be checked before any of it is
/// read as JSON: format and version, length in bytes, and SHA-256 over every byte of the file, with zeros in the place of
/// the digest itself.
enum SnapshotEnvelope {
  static let version = 1
  static let format = "metricsrouter.io/routing-table"

  private static let start = Array("{\n  \"format\": \"\(format)\",\n  \"version\": ".utf8)
  private static let lengthField = Array(",\n  \"length\": \"".utf8)
  private static let digestField = Array("\",\n  \"sha256\": \"".utf8)
  private static let end = Array("\",\n".utf8)
  private static let lengthDigits = 12
  private static let digestDigits = 64

  /// Puts the envelope before `rest`, the members of the object that follow and its closing brace.
  static func seal(_ rest: [UInt8]) -> [UInt8] {
    let head = start + Array("\(version)".utf8) + lengthField
    let total = head.count + lengthDigits + digestField.count + digestDigits + end.count + rest.count
    let length = String(total)
    var file = head
    file.reserveCapacity(total)
    file.append(contentsOf: String(repeating: "0", count: lengthDigits - length.utf8.count).utf8)
    file.append(contentsOf: length.utf8)
    file.append(contentsOf: digestField)
    let place = file.count..<(file.count + digestDigits)
    file.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: digestDigits))
    file.append(contentsOf: end)
    file.append(contentsOf: rest)
    file.replaceSubrange(place, with: digest(file))
    return file
  }

  /// Throws unless every byte of `file` is as it was sealed.
  static func check(_ file: [UInt8]) throws(SnapshotError) {
    var position = 0
    func take(_ expected: [UInt8]) -> Bool {
      guard file[position...].starts(with: expected) else { return false }
      position += expected.count
      return true
    }
    guard take(start) else { throw .notASnapshot }
    let digits = file[position...].prefix { $0 >= 0x30 && $0 <= 0x39 }
    let found = String(decoding: digits, as: UTF8.self)
    position += digits.count
    guard !digits.isEmpty, take(lengthField) else { throw .notASnapshot }
    guard found == "\(version)" else { throw .unsupportedVersion(found) }
    let announced = String(decoding: file[position...].prefix(lengthDigits), as: UTF8.self)
    position += lengthDigits
    guard file.count >= position, announced.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let length = Int(announced),
      take(digestField)
    else { throw .notASnapshot }
    guard length == file.count else { throw .wrongLength(announced: length, found: file.count) }
    let place = position..<(position + digestDigits)
    guard place.upperBound <= file.count else { throw .notASnapshot }
    var blank = file
    blank.replaceSubrange(place, with: repeatElement(UInt8(ascii: "0"), count: digestDigits))
    guard digest(blank) == Array(file[place]) else { throw .wrongDigest }
  }

  /// SHA-256 in lower-case hexadecimal.
  private static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var raw = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    EVP_Digest(bytes, bytes.count, &raw, &length, EVP_sha256(), nil)
    let hexadecimal = Array("0123456789abcdef".utf8)
    return raw.flatMap { [hexadecimal[Int($0 >> 4)], hexadecimal[Int($0 & 15)]] }
  }
}
