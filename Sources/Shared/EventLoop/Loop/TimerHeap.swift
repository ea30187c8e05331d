/// A binary min-heap of what is due when. Entries are never removed early: whoever is called too soon says so and is put
/// back, so that moving a deadline later, which happens at every request, costs nothing.
struct TimerHeap<Element> {
  private var entries: [(due: MonotonicTime, element: Element)] = []

  var isEmpty: Bool { entries.isEmpty }
  var nextDue: MonotonicTime? { entries.first?.due }

  mutating func insert(_ element: Element, due: MonotonicTime) {
    entries.append((due, element))
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].due < entries[parent].due else { break }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  /// The earliest entry, if its time has come.
  mutating func popDue(at now: MonotonicTime) -> Element? {
    guard let first = entries.first, first.due <= now else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      entries[0] = last
      siftDown()
    }
    return first.element
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      let left = 2 * parent + 1
      guard left < entries.count else { return }
      let right = left + 1
      let child = right < entries.count && entries[right].due < entries[left].due ? right : left
      guard entries[child].due < entries[parent].due else { return }
      entries.swapAt(child, parent)
      parent = child
    }
  }
}
