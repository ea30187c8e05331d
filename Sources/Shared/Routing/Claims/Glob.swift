/// A pattern for names: `*` stands for any run of characters, also none, `?` for one; all others stand for themselves.
/// Upper and lower case differ, as they do in Kubernetes.
package struct Glob: Hashable, Sendable, CustomStringConvertible {
  /// In bytes.
  package static let maximumLength = 253

  /// As it was written.
  package let pattern: String
  private let bytes: [UInt8]

  package init(_ pattern: String) {
    self.pattern = pattern
    bytes = Array(pattern.utf8)
  }

  package var description: String { pattern }

  /// Byte by byte, since Kubernetes tells apart what Swift calls canonically equivalent.
  package static func == (left: Glob, right: Glob) -> Bool { left.bytes == right.bytes }
  package func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

  /// What every text begins with that matches.
  var literalPrefix: [UInt8] { Array(bytes.prefix { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }) }

  /// Whether the whole of `text` matches. Allocates nothing; the time is bounded by the product of both lengths.
  package func matches(_ text: String) -> Bool {
    let matched = text.utf8.withContiguousStorageIfAvailable { text in
      bytes.withUnsafeBufferPointer { Self.matches($0, text) }
    }
    // Only strings that another runtime owns have no storage to look at.
    return matched
      ?? Array(text.utf8).withUnsafeBufferPointer { text in
        bytes.withUnsafeBufferPointer { Self.matches($0, text) }
      }
  }

  /// Goes back to the last `*` alone, which is enough: what an earlier one could take, the last one can take too.
  private static func matches(_ pattern: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var (position, offset) = (0, 0)
    var retry: (position: Int, offset: Int)?
    while offset < text.count {
      if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
        position += 1
        retry = (position, offset)
      } else if position < pattern.count, pattern[position] == UInt8(ascii: "?") {
        position += 1
        offset = end(ofCharacterAt: offset, in: text)
      } else if position < pattern.count, pattern[position] == text[offset] {
        position += 1
        offset += 1
      } else if let last = retry {
        offset = end(ofCharacterAt: last.offset, in: text)
        position = last.position
        retry = (last.position, offset)
      } else {
        return false
      }
    }
    while position < pattern.count, pattern[position] == UInt8(ascii: "*") { position += 1 }
    return position == pattern.count
  }

  /// A character is a Unicode scalar: its first byte and the continuation bytes behind it.
  private static func end(ofCharacterAt offset: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
    var end = offset + 1
    while end < text.count, text[end] & 0b1100_0000 == 0b1000_0000 { end += 1 }
    return end
  }

  /// What is wrong with the pattern; nil where nothing is.
  package var problem: String? {
    if bytes.isEmpty { return "write a pattern: * for any run of characters, ? for one; leave the field out for any" }
    if bytes.count > Self.maximumLength { return "use at most \(Self.maximumLength) bytes" }
    if bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) { return "leave out the control characters" }
    if bytes.contains(UInt8(ascii: "/")) { return "leave out the /, no name has one: name the resource in resources" }
    let special = Array(#"[]{}\"#.utf8)
    if bytes.contains(where: special.contains) {
      return #"* and ? alone are special in a pattern; leave out [ ] { } and \"#
    }
    return nil
  }
}

extension Glob: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(pattern)
  }
}
