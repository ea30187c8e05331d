import MetricsAPI

/// Finds those of many prefixes that a text begins with.
///
/// In the order of bytes, all of them go before the text, and each of them is a prefix of the next one that is. So the last
/// prefix that goes before the text begins with all of them: one search, and from there each time to the longest other one
/// that a prefix begins with.
struct PrefixIndex: Sendable {
  private var prefixes = NameList()
  /// Of each prefix the longest other one that it begins with; -1 where there is none.
  private var parents: [Int32] = []
  /// Of each prefix, what is filed under it.
  private var values: [[Int32]] = []

  init(_ entries: [(prefix: [UInt8], value: Int32)]) {
    let sorted = entries.sorted { $0.prefix.lexicographicallyPrecedes($1.prefix) }
    var open: [Int32] = []
    for (index, entry) in sorted.enumerated() {
      if index > 0, sorted[index - 1].prefix == entry.prefix {
        values[values.count - 1].append(entry.value)
        continue
      }
      while let last = open.last, !entry.prefix.starts(with: prefixes.utf8(at: Int(last))) { open.removeLast() }
      parents.append(open.last ?? -1)
      open.append(Int32(prefixes.count))
      prefixes.append(entry.prefix[...])
      values.append([entry.value])
    }
  }

  /// Calls `body` for all that is filed under a prefix of `text`. Allocates nothing.
  func forEach(prefixOf text: String, _ body: (Int32) -> Void) {
    var index = prefixes.last(upTo: text)
    while index >= 0, !prefixes.isPrefix(index, of: text) { index = Int(parents[index]) }
    while index >= 0 {
      for value in values[index] { body(value) }
      index = Int(parents[index])
    }
  }
}
