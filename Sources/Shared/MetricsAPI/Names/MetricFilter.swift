/// What a person types to find metrics: words, all of which `resource/metric`, or an external metric's name, has in it. Upper
/// and lower case of ASCII are the same.
package struct MetricFilter: Sendable {
  /// Of the text, in bytes; what is beyond is left out.
  package static let maximumLength = 256

  /// In lower case; none is empty.
  private let words: [[UInt8]]

  package init(_ text: String) {
    words = text.utf8.prefix(Self.maximumLength).split { $0 <= 0x20 }.map { $0.map(Self.lowercase) }
  }

  package var isEmpty: Bool { words.isEmpty }

  /// What of the filter is left to look for in the names of one scope: its resource is the same for all of them.
  struct OfScope: Sendable {
    /// Either is enough: that the name has `word` in it, or that it begins with `start`, where the resource before it and
    /// the slash between them end with what comes before that.
    fileprivate struct Word: Sendable {
      let word: [UInt8]
      let start: [UInt8]?
    }

    fileprivate let words: [Word]

    func matches(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
      words.allSatisfy { word in
        if let start = word.start, MetricFilter.begins(name, with: start) { return true }
        return MetricFilter.contains(name, word.word)
      }
    }
  }

  func limited(to scope: MetricScope) -> OfScope {
    guard case .custom(let resource, _) = scope else {
      return OfScope(words: words.map { .init(word: $0, start: nil) })
    }
    let before = Array(resource.utf8.map(Self.lowercase)) + [UInt8(ascii: "/")]
    let left = before.withUnsafeBufferPointer { before in words.filter { !Self.contains(before, $0) } }
    return OfScope(
      words: left.map { word in
        let slash = word.firstIndex(of: UInt8(ascii: "/"))
        let isSpanning = slash.map { before.reversed().starts(with: word[...$0].reversed()) } ?? false
        return OfScope.Word(word: word, start: isSpanning ? slash.map { Array(word[($0 + 1)...]) } : nil)
      })
  }

  private static func begins(_ text: UnsafeBufferPointer<UInt8>, with start: [UInt8]) -> Bool {
    guard text.count >= start.count else { return false }
    for (index, byte) in start.enumerated() where lowercase(text[index]) != byte { return false }
    return true
  }

  private static func contains(_ text: UnsafeBufferPointer<UInt8>, _ word: [UInt8]) -> Bool {
    guard text.count >= word.count, let first = word.first else { return word.isEmpty }
    return word.withUnsafeBufferPointer { word in
      search: for start in 0...(text.count - word.count) where lowercase(text[start]) == first {
        for offset in 1..<max(1, word.count) where lowercase(text[start + offset]) != word[offset] { continue search }
        return true
      }
      return false
    }
  }

  @inline(__always) private static func lowercase(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
  }
}
