/// Goes through sorted runs of names as through one, each name once: the first hundred thousand of a million are had without
/// sorting the others.
struct NameMerge {
  /// What is left of a run; never empty.
  private struct Rest {
    let section: MetricsListing.Section
    var position: Int
  }

  /// A binary heap: each element goes before those at twice its index plus one and two.
  private var rests: [Rest]

  init(_ sections: [MetricsListing.Section]) {
    rests = sections.filter { $0.count > 0 }.map { Rest(section: $0, position: $0.range.lowerBound) }
    for index in rests.indices.reversed() { sink(index) }
  }

  /// The first `limit` names, in the order of bytes.
  mutating func first(_ limit: Int) -> NameList {
    var names = NameList()
    while names.count < limit, let first = rests.first {
      let isRepeated =
        names.count > 0 && first.section.names.compare(first.position, names, names.count - 1) == 0
      if !isRepeated { names.append(first.section.utf8(at: first.position)) }
      advance()
    }
    return names
  }

  private mutating func advance() {
    rests[0].position += 1
    if rests[0].position == rests[0].section.range.upperBound {
      rests.swapAt(0, rests.count - 1)
      rests.removeLast()
    }
    sink(0)
  }

  private mutating func sink(_ start: Int) {
    var index = start
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < rests.count && precedes(child, least) { least = child }
      if least == index { return }
      rests.swapAt(index, least)
      index = least
    }
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    let (left, right) = (rests[left], rests[right])
    return left.section.names.compare(left.position, right.section.names, right.position) < 0
  }
}
