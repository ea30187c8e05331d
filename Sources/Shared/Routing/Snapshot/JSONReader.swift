import FoundationEssentials
import MetricsAPI

/// Reads JSON (RFC 8259) front to back, as its caller says what is to come. What the caller has no use for it hands out as
/// it is, checked.
///
///     try json.beginObject()
///     while let name = try json.nextName() { … one value … }
struct JSONReader {
  private let bytes: [UInt8]
  private var position = 0
  /// Arrays and objects begun and not ended.
  private var depth = 0
  /// Whether the one begun last has had no element yet.
  private var isFirst = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func beginObject() throws(SnapshotError) { try begin(UInt8(ascii: "{")) }
  mutating func beginArray() throws(SnapshotError) { try begin(UInt8(ascii: "[")) }

  /// The next field's name, as it stands between its quotes, whose value then follows; nil at the object's end.
  mutating func nextName() throws(SnapshotError) -> ArraySlice<UInt8>? {
    guard try next(before: UInt8(ascii: "}")) else { return nil }
    let name = try string().text
    try expect(UInt8(ascii: ":"))
    return name
  }

  /// Whether another element follows; false at the array's end.
  mutating func nextElement() throws(SnapshotError) -> Bool { try next(before: UInt8(ascii: "]")) }

  /// An array of strings, which `take` is given one by one, in UTF-8. Where any has an escape or is not ASCII, they are
  /// read by Foundation.
  mutating func strings(_ take: (ArraySlice<UInt8>) -> Void) throws(SnapshotError) {
    let start = position
    var isPlain = true
    try beginArray()
    while try nextElement() {
      if try !string().isPlain { isPlain = false }
    }
    guard isPlain else {
      for text in try Self.decode([String].self, bytes[start..<position]) { take(Array(text.utf8)[...]) }
      return
    }
    position = start
    try beginArray()
    while try nextElement() { take(try string().text) }
  }

  /// The bytes of the next value.
  mutating func value() throws(SnapshotError) -> ArraySlice<UInt8> {
    skipSpace()
    let start = position
    skipValue()
    do {
      try JSONScanner.validate(bytes[start..<position])
    } catch {
      throw Self.malformed(at: error.offset)
    }
    return bytes[start..<position]
  }

  /// Nothing but space may follow what was read.
  mutating func end() throws(SnapshotError) {
    skipSpace()
    if position != bytes.count { throw Self.malformed(at: position) }
  }

  static func decode<Value: Decodable>(
    _ type: Value.Type, _ json: some Sequence<UInt8>
  ) throws(SnapshotError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(json))
    } catch {
      throw .malformed(reason: "\(error)")
    }
  }

  private mutating func begin(_ bracket: UInt8) throws(SnapshotError) {
    try expect(bracket)
    depth += 1
    isFirst = true
  }

  private mutating func next(before bracket: UInt8) throws(SnapshotError) -> Bool {
    skipSpace()
    defer { isFirst = false }
    if current == bracket {
      position += 1
      depth -= 1
      return false
    }
    if !isFirst { try expect(UInt8(ascii: ",")) }
    return true
  }

  private mutating func string() throws(SnapshotError) -> (text: ArraySlice<UInt8>, isPlain: Bool) {
    try expect(UInt8(ascii: "\""))
    let start = position
    var isPlain = true
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return (bytes[start..<position - 1], isPlain) }
      if byte == UInt8(ascii: "\\") {
        isPlain = false
        // What is escaped may be a quote, and may be missing.
        if position < bytes.count { position += 1 }
      } else if byte < 0x20 {
        break
      } else if byte >= 0x80 {
        isPlain = false
      }
    }
    throw Self.malformed(at: position)
  }

  /// To where the value ends, if it is one.
  private mutating func skipValue() {
    var open = 0
    while let byte = current {
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        open += 1
        // Too deep: what is cut here is no value.
        if depth + open > JSONScanner.maximumDepth { return }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if open == 0 { return }
        open -= 1
      case UInt8(ascii: ","):
        if open == 0 { return }
      case UInt8(ascii: "\""):
        guard (try? string()) != nil else { return }
        continue
      default: break
      }
      position += 1
    }
  }

  private mutating func expect(_ byte: UInt8) throws(SnapshotError) {
    skipSpace()
    guard current == byte else { throw Self.malformed(at: position) }
    position += 1
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private static func malformed(at offset: Int) -> SnapshotError {
    .malformed(reason: "it is not JSON, or nested too deeply, at byte \(offset)")
  }
}
