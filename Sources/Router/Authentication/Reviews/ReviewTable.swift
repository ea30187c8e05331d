import EventLoop

/// Answers remembered for a while: bounded in number and in bytes, the least recently used leaving first, so that nobody
/// can drive out what others use by asking for ever new things. Every operation takes constant time. A value apart from
/// clocks and threads.
struct ReviewTable<Question: Hashable, Answer> {
  struct Bounds: Sendable {
    var entries: Int
    /// Of questions and answers together.
    var bytes: Int
    /// Of one of them: a larger one is not remembered at all.
    var entryBytes = 16 * 1024
  }

  /// An entry, and its neighbours in the order of use.
  private struct Node {
    var question: Question
    var answer: Answer
    var expires: MonotonicTime
    var bytes: Int
    var newer: Int
    var older: Int
  }

  private static var none: Int { -1 }
  /// What an entry takes up besides its question and answer.
  private static var overhead: Int { MemoryLayout<Node>.stride + 32 }

  private let bounds: Bounds
  private var indices: [Question: Int] = [:]
  /// Without gaps, in no order.
  private var nodes: [Node] = []
  private var newest = none
  private var oldest = none
  private(set) var bytes = 0

  init(_ bounds: Bounds) { self.bounds = bounds }

  var count: Int { nodes.count }

  /// What is remembered and still counts, with the time until which it does. It becomes the most recently used.
  mutating func answer(to question: Question, at now: MonotonicTime) -> (answer: Answer, expires: MonotonicTime)? {
    guard let index = indices[question] else { return nil }
    guard nodes[index].expires > now else {
      remove(index)
      return nil
    }
    if index != newest {
      unlink(index)
      link(index)
    }
    return (nodes[index].answer, nodes[index].expires)
  }

  /// Remembers until `expires`; `size` is roughly what question and answer take up, in bytes.
  mutating func insert(
    _ question: Question, _ answer: Answer, size: Int, expires: MonotonicTime, at now: MonotonicTime
  ) {
    if let index = indices[question] { remove(index) }
    let size = size + Self.overhead
    guard expires > now, size <= min(bounds.entryBytes, bounds.bytes), bounds.entries > 0 else { return }
    while count >= bounds.entries || bytes + size > bounds.bytes { remove(oldest) }
    // Two for each that comes, so that what nobody asks for any more goes in time.
    for _ in 0..<2 where oldest != Self.none && nodes[oldest].expires <= now { remove(oldest) }
    let index = nodes.count
    nodes.append(
      Node(
        question: question, answer: answer, expires: expires, bytes: size, newer: Self.none, older: Self.none))
    indices[question] = index
    bytes += size
    link(index)
  }

  /// Makes a node that is not in the order of use the newest.
  private mutating func link(_ index: Int) {
    nodes[index].newer = Self.none
    nodes[index].older = newest
    if newest != Self.none { nodes[newest].newer = index } else { oldest = index }
    newest = index
  }

  private mutating func unlink(_ index: Int) {
    let (newer, older) = (nodes[index].newer, nodes[index].older)
    if newer != Self.none { nodes[newer].older = older } else { newest = older }
    if older != Self.none { nodes[older].newer = newer } else { oldest = newer }
  }

  private mutating func remove(_ index: Int) {
    unlink(index)
    bytes -= nodes[index].bytes
    indices[nodes[index].question] = nil
    // The last node fills the gap.
    let last = nodes.count - 1
    if index != last {
      let moved = nodes[last]
      nodes[index] = moved
      indices[moved.question] = index
      if moved.newer != Self.none { nodes[moved.newer].older = index } else { newest = index }
      if moved.older != Self.none { nodes[moved.older].newer = index } else { oldest = index }
    }
    nodes.removeLast()
  }
}
