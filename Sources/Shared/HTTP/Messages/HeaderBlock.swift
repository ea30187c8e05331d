/// The head of a message as it came: one buffer, and where in it each field lies. Copying it copies two references.
package struct HeaderBlock: Sendable {
  package struct Field: Sendable, Equatable {
    package var name: Range<Int>
    package var value: Range<Int>
  }

  /// The whole head, request or status line included.
  package internal(set) var bytes: [UInt8]
  package internal(set) var fields: [Field]

  package init() {
    bytes = []
    fields = []
  }

  /// The first value of a field. `name` is lower case; the field's may be in any.
  package func first(_ name: StaticString) -> ArraySlice<UInt8>? {
    for field in fields where matches(field.name, name) { return bytes[field.value] }
    return nil
  }

  /// How often there is a field, each line counted. `name` is lower case.
  package func count(of name: StaticString) -> Int { fields.count { matches($0.name, name) } }

  /// All values of a field, in order, each line its own.
  package func all(_ name: StaticString) -> [ArraySlice<UInt8>] {
    fields.filter { matches($0.name, name) }.map { bytes[$0.value] }
  }

  /// The names and values of the fields whose name begins with `prefix` (lower case), the names in lower case.
  package func all(withPrefix prefix: String) -> [(name: String, value: ArraySlice<UInt8>)] {
    let prefix = Array(prefix.utf8)
    return fields.compactMap { field in
      guard field.name.count >= prefix.count else { return nil }
      for (offset, byte) in prefix.enumerated()
      where Self.lowercase(bytes[field.name.lowerBound + offset]) != byte { return nil }
      return (String(decoding: bytes[field.name].map(Self.lowercase), as: UTF8.self), bytes[field.value])
    }
  }

  /// The values of a field whose name is known only at run time, in order. `name` is lower case.
  package func all(named name: String) -> [ArraySlice<UInt8>] {
    let wanted = Array(name.utf8)
    return fields.compactMap { field in
      guard field.name.count == wanted.count, zip(bytes[field.name], wanted).allSatisfy({ Self.lowercase($0) == $1 })
      else { return nil }
      return bytes[field.value]
    }
  }

  /// Whether one of the comma-separated members of a field is `token` (lower case).
  package func list(_ name: StaticString, contains token: StaticString) -> Bool {
    for field in fields where matches(field.name, name) {
      for member in bytes[field.value].split(separator: UInt8(ascii: ",")) {
        let trimmed = member.drop { $0 == 0x20 || $0 == 0x09 }
        let end = trimmed.lastIndex { $0 != 0x20 && $0 != 0x09 } ?? trimmed.startIndex
        guard !trimmed.isEmpty else { continue }
        if matches(trimmed.startIndex..<(end + 1), token) { return true }
      }
    }
    return false
  }

  private func matches(_ range: Range<Int>, _ name: StaticString) -> Bool {
    guard range.count == name.utf8CodeUnitCount else { return false }
    let wanted = name.utf8Start
    return bytes.withUnsafeBufferPointer { buffer in
      for offset in 0..<range.count where Self.lowercase(buffer[range.lowerBound + offset]) != wanted[offset] {
        return false
      }
      return true
    }
  }

  @inline(__always) private static func lowercase(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
  }
}
