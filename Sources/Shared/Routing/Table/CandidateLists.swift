/// Lists of candidates, each different one kept once: nearly all metrics of a source have the same.
struct CandidateLists: Sendable {
  /// One list behind another.
  private var candidates: [Candidate] = []
  /// Where each list ends.
  private var ends: [UInt32] = []

  subscript(list: UInt32) -> ArraySlice<Candidate> {
    let start = list == 0 ? 0 : Int(ends[Int(list) - 1])
    return candidates[start..<Int(ends[Int(list)])]
  }

  fileprivate mutating func append(_ list: some Collection<Candidate>) -> UInt32 {
    candidates.append(contentsOf: list)
    ends.append(UInt32(candidates.count))
    return UInt32(ends.count - 1)
  }

  /// Makes lists by adding candidates to others: those that began alike share their beginnings.
  struct Builder {
    /// A list: another one, and a candidate behind it.
    private struct Node: Hashable {
      /// Nil for an empty one.
      let start: UInt32?
      let candidate: Candidate
    }

    private var nodes: [Node] = []
    private var numbers: [Node: UInt32] = [:]
    private var last: (node: Node, number: UInt32)?

    /// The number of `list` with `candidate` behind it; nil is the empty list. A source is in a list once, with the reason
    /// that it was added for first.
    mutating func appending(_ candidate: Candidate, to list: UInt32?) -> UInt32 {
      if let list, nodes[Int(list)].candidate.source == candidate.source { return list }
      let node = Node(start: list, candidate: candidate)
      // Metrics come source by source.
      if let last, last.node == node { return last.number }
      let number = numbers[node] ?? UInt32(nodes.count)
      if number == nodes.count {
        nodes.append(node)
        numbers[node] = number
      }
      last = (node, number)
      return number
    }

    /// The lists that are in use, and for each number the place of its list among them.
    func lists(_ used: some Sequence<UInt32>) -> (lists: CandidateLists, places: [UInt32]) {
      var lists = CandidateLists()
      var places = [UInt32](repeating: .max, count: nodes.count)
      for number in used where places[Int(number)] == .max {
        var list: [Candidate] = []
        var next: UInt32? = number
        while let node = next.map({ nodes[Int($0)] }) {
          list.append(node.candidate)
          next = node.start
        }
        places[Int(number)] = lists.append(list.reversed())
      }
      return (lists, places)
    }
  }
}
