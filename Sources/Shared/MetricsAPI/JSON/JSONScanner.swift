/// Walks over JSON (RFC 8259) and tells where its values lie, without building them.
///
/// For what passes values on as they are: numbers and strings are never read and written again, so nothing of them is
/// lost. It accepts JSON alone, to a depth of ``maximumDepth``; strings are checked for their escapes, not for UTF-8.
package struct JSONScanner {
  /// Of objects and arrays within one another.
  package static let maximumDepth = 64

  /// A value that is not JSON, or too deep, at this byte.
  package struct Failure: Error, Sendable, Equatable {
    package let offset: Int
  }

  /// Fields of an object, each with the bytes of its value; the last one of a name counts.
  package typealias Fields = [String: ArraySlice<UInt8>]

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var depth = 0

  private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Checks that `bytes` are one JSON value and nothing else.
  package static func validate(_ bytes: ArraySlice<UInt8>) throws(Failure) {
    try read(bytes) { (scanner) throws(Failure) in _ = try scanner.value() }
  }

  /// The fields of the object that `bytes` are. A name with an escape is refused: no field of Kubernetes has one.
  package static func fields(_ bytes: ArraySlice<UInt8>) throws(Failure) -> Fields {
    let start = bytes.startIndex
    return try read(bytes) { (scanner) throws(Failure) in
      var fields: Fields = [:]
      try scanner.object { (scanner, name) throws(Failure) in
        let value = try scanner.value()
        fields[String(decoding: scanner.bytes[name], as: UTF8.self)] =
          bytes[start + value.lowerBound..<start + value.upperBound]
      }
      return fields
    }
  }

  /// The elements of the array that `bytes` are.
  package static func elements(_ bytes: ArraySlice<UInt8>) throws(Failure) -> [ArraySlice<UInt8>] {
    let start = bytes.startIndex
    return try read(bytes) { (scanner) throws(Failure) in
      var elements: [ArraySlice<UInt8>] = []
      try scanner.array { (scanner) throws(Failure) in
        let value = try scanner.value()
        elements.append(bytes[start + value.lowerBound..<start + value.upperBound])
      }
      return elements
    }
  }

  // MARK: In one pass

  /// Lets `body` walk over the one value that `bytes` are, or that lies in them at `place`. Places count from the first of
  /// `bytes`.
  static func read<Result>(
    _ bytes: ArraySlice<UInt8>, at place: Range<Int>? = nil, _ body: (inout JSONScanner) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outcome = bytes.withUnsafeBytes { buffer -> Swift.Result<Result, Failure> in
      var scanner = JSONScanner(UnsafeRawBufferPointer(rebasing: buffer[..<(place?.upperBound ?? buffer.count)]))
      scanner.position = place?.lowerBound ?? 0
      do throws(Failure) {
        let result = try body(&scanner)
        try scanner.expectEnd()
        return .success(result)
      } catch {
        return .failure(error)
      }
    }
    do throws(Failure) { return try outcome.get() } catch {
      throw Failure(offset: bytes.startIndex + error.offset)
    }
  }

  /// The object that comes next. `body` is given the name of each field, and passes over its value. A name with an escape
  /// is refused.
  mutating func object(_ body: (inout JSONScanner, Range<Int>) throws(Failure) -> Void) throws(Failure) {
    try enter()
    try expect(UInt8(ascii: "{"))
    if !skip(UInt8(ascii: "}")) {
      repeat {
        skipSpace()
        let name = try string()
        if bytes[name].contains(UInt8(ascii: "\\")) { throw Failure(offset: name.lowerBound) }
        try expect(UInt8(ascii: ":"))
        try body(&self, name)
      } while try !ends(with: UInt8(ascii: "}"))
    }
    depth -= 1
  }

  /// The array that comes next. `body` passes over each element.
  mutating func array(_ body: (inout JSONScanner) throws(Failure) -> Void) throws(Failure) {
    try enter()
    try expect(UInt8(ascii: "["))
    if !skip(UInt8(ascii: "]")) {
      repeat { try body(&self) } while try !ends(with: UInt8(ascii: "]"))
    }
    depth -= 1
  }

  /// Passes over the value that comes next, and says where it lies.
  mutating func value() throws(Failure) -> Range<Int> {
    skipSpace()
    let start = position
    try skipValue()
    return start..<position
  }

  /// Whether the value that comes next begins with `byte`.
  mutating func comes(_ byte: UInt8) -> Bool {
    skipSpace()
    return current == byte
  }

  /// Whether there is `text` at `range`.
  func isText(_ text: StaticString, at range: Range<Int>) -> Bool {
    guard range.count == text.utf8CodeUnitCount else { return false }
    for offset in 0..<range.count where bytes[range.lowerBound + offset] != text.utf8Start[offset] { return false }
    return true
  }

  // MARK: Values

  private mutating func skipValue() throws(Failure) {
    switch current {
    case UInt8(ascii: "{"): try skipObject()
    case UInt8(ascii: "["): try array { (scanner) throws(Failure) in _ = try scanner.value() }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: try number()
    }
  }

  private mutating func skipObject() throws(Failure) {
    try enter()
    try expect(UInt8(ascii: "{"))
    if !skip(UInt8(ascii: "}")) {
      repeat {
        skipSpace()
        _ = try string()
        try expect(UInt8(ascii: ":"))
        _ = try value()
      } while try !ends(with: UInt8(ascii: "}"))
    }
    depth -= 1
  }

  private mutating func enter() throws(Failure) {
    guard depth < Self.maximumDepth else { throw failure }
    depth += 1
  }

  /// Behind a field or an element: whether that was the last one.
  private mutating func ends(with byte: UInt8) throws(Failure) -> Bool {
    if skip(byte) { return true }
    try expect(UInt8(ascii: ","))
    return false
  }

  /// Returns where that lies which stands between the quotes.
  private mutating func string() throws(Failure) -> Range<Int> {
    guard current == UInt8(ascii: "\"") else { throw failure }
    position += 1
    let start = position
    while true {
      skipPlain()
      switch current {
      case UInt8(ascii: "\"")?:
        position += 1
        return start..<position - 1
      case UInt8(ascii: "\\")?: try escape()
      case let byte? where byte >= 0x20: position += 1
      default: throw failure
      }
    }
  }

  /// Passes over what needs no look, eight bytes at a time: no quote, no backslash, no control character. By the arithmetic
  /// of H. Warren's "Hacker's Delight" (section 6-1): a byte is zero where taking one from it borrows.
  private mutating func skipPlain() {
    let (ones, highs): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    while position + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      let (quote, backslash) = (word ^ ones &* 0x22, word ^ ones &* 0x5C)
      let special =
        (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word
      let found = special & highs
      guard found == 0 else {
        // Where it begins: a false alarm can only follow a true one.
        position += found.trailingZeroBitCount / 8
        return
      }
      position += 8
    }
  }

  private mutating func escape() throws(Failure) {
    position += 1
    guard let byte = current else { throw failure }
    guard byte == UInt8(ascii: "u") else {
      guard #""\/bfnrt"#.utf8.contains(byte) else { throw failure }
      position += 1
      return
    }
    guard position + 4 < bytes.count,
      bytes[position + 1...position + 4].allSatisfy({ PercentEncoding.byte($0, UInt8(ascii: "0")) != nil })
    else { throw failure }
    position += 5
  }

  private mutating func number() throws(Failure) {
    if current == UInt8(ascii: "-") { position += 1 }
    if current == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if current == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
  }

  private mutating func digits() throws(Failure) {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    if position == start { throw failure }
  }

  private mutating func literal(_ text: StaticString) throws(Failure) {
    for index in 0..<text.utf8CodeUnitCount {
      guard current == text.utf8Start[index] else { throw failure }
      position += 1
    }
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    skipSpace()
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws(Failure) {
    guard skip(byte) else { throw failure }
  }

  private mutating func expectEnd() throws(Failure) {
    skipSpace()
    if position != bytes.count { throw failure }
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private var failure: Failure { Failure(offset: position) }
}
