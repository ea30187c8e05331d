/// Reads JSON (RFC 8259) with the text of its numbers. YAML's own parser would not do: it refuses the surrogate pairs by
/// which many writers of JSON escape what is not ASCII, and keys above 1024 bytes.
struct JSONReader {
  private let bytes: [UInt8]
  private let maximumDepth: Int
  private var position = 0

  /// Reads `bytes` as one value and nothing else. `maximumDepth` bounds collections within collections.
  static func read(_ bytes: [UInt8], maximumDepth: Int) throws(YAMLError) -> JSONNode {
    var reader = JSONReader(bytes: bytes, maximumDepth: maximumDepth)
    let node = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.position == bytes.count else { throw reader.failure }
    return node
  }

  private init(bytes: [UInt8], maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  private mutating func value(depth: Int) throws(YAMLError) -> JSONNode {
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true")
    case UInt8(ascii: "f"): return try literal("false")
    case UInt8(ascii: "n"): return try literal("null")
    default: return try number()
    }
  }

  private mutating func object(depth: Int) throws(YAMLError) -> [JSONNode.Entry] {
    try enter(depth)
    var entries: [JSONNode.Entry] = []
    if skip(UInt8(ascii: "}")) { return entries }
    while true {
      skipSpace()
      let key = try string()
      guard skip(UInt8(ascii: ":")) else { throw failure }
      entries.append(JSONNode.Entry(key: key, value: try value(depth: depth)))
      if skip(UInt8(ascii: "}")) { return entries }
      guard skip(UInt8(ascii: ",")) else { throw failure }
    }
  }

  private mutating func array(depth: Int) throws(YAMLError) -> [JSONNode] {
    try enter(depth)
    var elements: [JSONNode] = []
    if skip(UInt8(ascii: "]")) { return elements }
    while true {
      elements.append(try value(depth: depth))
      if skip(UInt8(ascii: "]")) { return elements }
      guard skip(UInt8(ascii: ",")) else { throw failure }
    }
  }

  private mutating func enter(_ depth: Int) throws(YAMLError) {
    guard depth <= maximumDepth else { throw YAMLError("values nest deeper than \(maximumDepth) levels") }
    position += 1
  }

  private mutating func string() throws(YAMLError) -> String {
    guard skip(UInt8(ascii: "\"")) else { throw failure }
    var text = ""
    var start = position
    while let byte = current, byte >= 0x20 {
      switch byte {
      case UInt8(ascii: "\""):
        text += String(decoding: bytes[start..<position], as: UTF8.self)
        position += 1
        return text
      case UInt8(ascii: "\\"):
        text += String(decoding: bytes[start..<position], as: UTF8.self)
        position += 1
        text.unicodeScalars.append(try escape())
        start = position
      default: position += 1
      }
    }
    throw failure
  }

  /// Reads what follows a backslash.
  private mutating func escape() throws(YAMLError) -> Unicode.Scalar {
    guard let byte = current else { throw failure }
    if byte == UInt8(ascii: "u") { return try unicodeEscape() }
    let scalar: Unicode.Scalar
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scalar = Unicode.Scalar(byte)
    case UInt8(ascii: "b"): scalar = "\u{8}"
    case UInt8(ascii: "f"): scalar = "\u{C}"
    case UInt8(ascii: "n"): scalar = "\n"
    case UInt8(ascii: "r"): scalar = "\r"
    case UInt8(ascii: "t"): scalar = "\t"
    default: throw failure
    }
    position += 1
    return scalar
  }

  /// Half a surrogate pair becomes the replacement character, as Go's `encoding/json` has it.
  private mutating func unicodeEscape() throws(YAMLError) -> Unicode.Scalar {
    let unit = try codeUnit()
    if let scalar = Unicode.Scalar(UInt32(unit)) { return scalar }
    guard UTF16.isLeadSurrogate(unit), bytes[position...].starts(with: #"\u"#.utf8) else { return "\u{FFFD}" }
    let before = position
    position += 1
    let second = try codeUnit()
    guard UTF16.isTrailSurrogate(second) else {
      position = before
      return "\u{FFFD}"
    }
    return UTF16.decode(UTF16.EncodedScalar([unit, second]))
  }

  /// Reads `u` and four digits.
  private mutating func codeUnit() throws(YAMLError) -> UInt16 {
    let digits = bytes[(position + 1)...].prefix(4)
    // A number may have a sign to Swift.
    guard digits.count == 4, digits.allSatisfy({ $0 != UInt8(ascii: "+") }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw failure }
    position += 5
    return unit
  }

  private mutating func number() throws(YAMLError) -> JSONNode {
    let start = position
    skipOne(of: "-")
    if !skipOne(of: "0") { try digits() }
    if skipOne(of: ".") { try digits() }
    if skipOne(of: "eE") {
      skipOne(of: "+-")
      try digits()
    }
    return .plain(bytes[start..<position])
  }

  private mutating func digits() throws(YAMLError) {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    if position == start { throw failure }
  }

  private mutating func literal(_ text: String) throws(YAMLError) -> JSONNode {
    guard bytes[position...].starts(with: text.utf8) else { throw failure }
    defer { position += text.utf8.count }
    return .plain(bytes[position..<position + text.utf8.count])
  }

  @discardableResult
  private mutating func skipOne(of characters: StaticString) -> Bool {
    guard let byte = current,
      UnsafeBufferPointer(start: characters.utf8Start, count: characters.utf8CodeUnitCount)
        .contains(byte)
    else { return false }
    position += 1
    return true
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    skipSpace()
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private var failure: YAMLError { YAMLError("the text is not JSON at byte \(position)") }
}
