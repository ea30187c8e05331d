/// Walks over JSON (RFC 8259) and tells where its values lie, without building them.
///
/// For what passes values on as they are: numbers and strings are never read and written again, so nothing of them is
/// lost. It accepts JSON alone, to a depth of ``maximumDepth``; strings are checked for their escapes, not for UTF-8.
package struct JSONScanner {
  package static let maximumDepth = 64

  /// A value that is not JSON, or too deep, at this byte.
  package struct Failure: Error, Sendable, Equatable {
    package let offset: Int
  }

  /// Fields of an object, each with the bytes of its value; the last one of a name counts.
  package typealias Fields = [String: ArraySlice<UInt8>]

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  private init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Checks that `bytes` are one JSON value and nothing else.
  package static func validate(_ bytes: ArraySlice<UInt8>) throws(Failure) {
    var scanner = JSONScanner(bytes)
    try scanner.skipValue(depth: 0)
    try scanner.expectEnd()
  }

  /// The fields of the object that `bytes` are. A name with an escape is refused: no field of Kubernetes has one.
  package static func fields(_ bytes: ArraySlice<UInt8>) throws(Failure) -> Fields {
    var scanner = JSONScanner(bytes)
    var fields: Fields = [:]
    var escapedName: Int?
    try scanner.object(depth: 0) { name, value in
      if name.contains(UInt8(ascii: "\\")) { escapedName = name.startIndex }
      fields[String(decoding: name, as: UTF8.self)] = value
    }
    if let escapedName { throw Failure(offset: escapedName) }
    try scanner.expectEnd()
    return fields
  }

  /// The elements of the array that `bytes` are.
  package static func elements(_ bytes: ArraySlice<UInt8>) throws(Failure) -> [ArraySlice<UInt8>] {
    var scanner = JSONScanner(bytes)
    var elements: [ArraySlice<UInt8>] = []
    try scanner.array(depth: 0) { elements.append($0) }
    try scanner.expectEnd()
    return elements
  }

  private mutating func skipValue(depth: Int) throws(Failure) {
    guard depth < Self.maximumDepth else { throw failure }
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): try object(depth: depth) { _, _ in }
    case UInt8(ascii: "["): try array(depth: depth) { _ in }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: try number()
    }
  }

  private mutating func object(
    depth: Int, _ body: (ArraySlice<UInt8>, ArraySlice<UInt8>) -> Void
  ) throws(Failure) {
    try expect(UInt8(ascii: "{"))
    if skip(UInt8(ascii: "}")) { return }
    while true {
      skipSpace()
      let name = try string()
      try expect(UInt8(ascii: ":"))
      body(name, try value(depth: depth + 1))
      if skip(UInt8(ascii: "}")) { return }
      try expect(UInt8(ascii: ","))
    }
  }

  private mutating func array(depth: Int, _ body: (ArraySlice<UInt8>) -> Void) throws(Failure) {
    try expect(UInt8(ascii: "["))
    if skip(UInt8(ascii: "]")) { return }
    while true {
      body(try value(depth: depth + 1))
      if skip(UInt8(ascii: "]")) { return }
      try expect(UInt8(ascii: ","))
    }
  }

  private mutating func value(depth: Int) throws(Failure) -> ArraySlice<UInt8> {
    skipSpace()
    let start = position
    try skipValue(depth: depth)
    return bytes[start..<position]
  }

  /// Returns what stands between the quotes.
  private mutating func string() throws(Failure) -> ArraySlice<UInt8> {
    guard current == UInt8(ascii: "\"") else { throw failure }
    position += 1
    let start = position
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return bytes[start..<position - 1]
      case UInt8(ascii: "\\"): try escape()
      case 0..<0x20: throw failure
      default: position += 1
      }
    }
    throw failure
  }

  private mutating func escape() throws(Failure) {
    position += 1
    guard let byte = current else { throw failure }
    guard byte == UInt8(ascii: "u") else {
      guard #""\/bfnrt"#.utf8.contains(byte) else { throw failure }
      position += 1
      return
    }
    guard position + 4 < bytes.endIndex,
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
    if position != bytes.endIndex { throw failure }
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private var current: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private var failure: Failure { Failure(offset: position) }
}
