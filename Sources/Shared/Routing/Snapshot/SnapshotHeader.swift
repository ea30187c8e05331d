/// The first lines of a snapshot file. Their shape is fixed to the byte, so that length and digest can be checked
/// before anything is parsed:
///
///     {
///       "format": "metrics-router/routing-table",
///       "version": 1,
///       "length":         1234,
///       "sha256": "64 lower-case hexadecimal digits",
///
/// The length is right-aligned in twelve places. The digest is that of the whole file with its own digits taken as `0`.
enum SnapshotHeader {
  private static let format = Array("{\n  \"format\": \"metrics-router/routing-table\",\n  \"version\": ".utf8)
  private static let version = format + Array("\(Snapshot.formatVersion),\n".utf8)
  private static let beforeLength = version + Array("  \"length\": ".utf8)
  private static let lengthWidth = 12
  private static let beforeDigest = Array(",\n  \"sha256\": \"".utf8)
  private static let afterDigest = Array("\",\n".utf8)
  private static let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: SHA256Digest.digitCount)

  private static let lengthPlace = beforeLength.count..<beforeLength.count + lengthWidth
  private static let digestStart = lengthPlace.upperBound + beforeDigest.count
  private static let digestPlace = digestStart..<digestStart + SHA256Digest.digitCount
  /// Bytes of the whole header.
  static let count = digestPlace.upperBound + afterDigest.count

  /// Puts the header before `body`, which closes the object that the header opens.
  static func seal(_ body: [UInt8]) -> [UInt8] {
    var file = beforeLength
    file.reserveCapacity(count + body.count)
    file += field(count + body.count)
    file += beforeDigest
    file += zeros
    file += afterDigest
    file += body
    // Without a digest the zeros stay, and every reader rejects the file.
    if let digest = SHA256Digest.hexadecimal(file[...]) { file.replaceSubrange(digestPlace, with: digest) }
    return file
  }

  /// Checks that `file` is whole and untouched.
  static func verify(_ file: [UInt8]) throws(SnapshotError) {
    guard file.starts(with: format) else { throw .notSnapshot }
    guard file.starts(with: version) else { throw try otherVersion(file) }
    guard file.count >= count, file.starts(with: beforeLength),
      file[lengthPlace.upperBound..<digestStart].elementsEqual(beforeDigest),
      file[digestPlace.upperBound..<count].elementsEqual(afterDigest),
      let length = Int(String(decoding: file[lengthPlace].drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)),
      file[lengthPlace].elementsEqual(field(length))
    else { throw .notSnapshot }
    guard length == file.count else { throw .wrongLength(stated: length, found: file.count) }
    let digest = SHA256Digest.hexadecimal(
      file[..<digestStart], zeros[...], file[digestPlace.upperBound...])
    guard let digest, file[digestPlace].elementsEqual(digest) else { throw .wrongDigest }
  }

  private static func otherVersion(_ file: [UInt8]) throws(SnapshotError) -> SnapshotError {
    let digits = file[format.count...].prefix { $0 != UInt8(ascii: ",") }
    let isNumber = digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard isNumber, (1...9).contains(digits.count), digits.endIndex < file.count else { throw .notSnapshot }
    return .unsupportedVersion(String(decoding: digits, as: UTF8.self))
  }

  private static func field(_ length: Int) -> [UInt8] {
    let digits = Array("\(length)".utf8)
    return [UInt8](repeating: UInt8(ascii: " "), count: max(0, lengthWidth - digits.count)) + digits
  }
}
