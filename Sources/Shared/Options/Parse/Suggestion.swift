/// Finds what somebody may have meant.
enum Suggestion {
  /// The nearest of `candidates`, if it is near enough to be worth naming.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let scored = candidates.map { (candidate: $0, distance: distance(from: word, to: $0)) }
    guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
    if best.distance <= max(1, word.count / 3), best.distance < word.count { return best.candidate }
    return word.count >= 3 ? candidates.first { $0.hasPrefix(word) || $0.hasSuffix("-" + word) } : nil
  }

  /// The number of characters to insert, remove or replace (Levenshtein).
  static func distance(from word: String, to other: String) -> Int {
    let target = Array(other)
    var row = Array(0...target.count)
    for (index, character) in word.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (column, candidate) in target.enumerated() {
        let replaced = diagonal + (character == candidate ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[target.count]
  }
}
