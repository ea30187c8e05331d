import Synchronization

/// A metric with labels: one child for each combination of their values. Finding a child takes a lock, so whoever updates
/// it often keeps it.
package final class MetricFamily<Child: AnyObject & Sendable>: ExposedFamily {
  private struct Entry {
    let labels: LabelText
    let child: Child
  }

  private struct Children {
    var entries: [[String]: Entry] = [:]
    /// Whether the child for whatever is beyond the limit is in use.
    var hasOverflown = false
    /// As they are exposed, until one comes or goes.
    var sorted: [Entry]?
  }

  let description: MetricDescription
  private let limit: Int
  private let make: @Sendable () -> Child
  private let write: @Sendable (Child, String, LabelText, inout Exposition) -> Void
  private let children = Mutex(Children())
  /// The label values of the child for whatever is beyond the limit.
  private let beyond: [String]

  init(
    _ description: MetricDescription, limit: Int, make: @escaping @Sendable () -> Child,
    write: @escaping @Sendable (Child, String, LabelText, inout Exposition) -> Void
  ) {
    self.description = description
    self.limit = limit
    self.make = make
    self.write = write
    beyond = description.labels.map { _ in "other" }
  }

  /// The child for these values, one for each label in the order they were declared in; made at the first call. Beyond
  /// the limit of the family it is one child for all, whose values are all `other`.
  package func child(_ values: String...) -> Child { child(values) }

  /// The same for values that are there as an array.
  package func child(_ values: [String]) -> Child {
    precondition(
      values.count == description.labels.count,
      "\(description.name) has the labels \(description.labels), not \(values)")
    return children.withLock { children in
      if let entry = children.entries[values] { return entry.child }
      let isBeyond = children.entries.count - (children.hasOverflown ? 1 : 0) >= limit
      if isBeyond { children.hasOverflown = true }
      let key = isBeyond ? beyond : values
      if let entry = children.entries[key] { return entry.child }
      let entry = Entry(labels: LabelText(names: description.labels, values: key), child: make())
      children.entries[key] = entry
      children.sorted = nil
      return entry.child
    }
  }

  /// Drops the children whose values, in the order of the labels, `isGone` says yes to; whoever still holds one updates it
  /// in vain. The one for all beyond the limit stays. `isGone` must not use this family.
  package func remove(where isGone: (_ values: [String]) -> Bool) {
    children.withLock { children in
      let kept = children.entries.filter { key, _ in
        children.hasOverflown && key == beyond || !isGone(key)
      }
      guard kept.count < children.entries.count else { return }
      children.entries = kept
      children.sorted = nil
    }
  }

  /// The children that there are, by the values of their labels: for who reads them otherwise than by a scrape.
  package var all: [[String]: Child] {
    // Behind the lock is nothing but a reference taken.
    let entries = children.withLock { $0.entries }
    return entries.mapValues(\.child)
  }

  func expose(into exposition: inout Exposition) {
    let entries = children.withLock { children in
      if let sorted = children.sorted { return sorted }
      let sorted = children.entries.values.sorted { LabelText.precedes($0.labels, $1.labels) }
      children.sorted = sorted
      return sorted
    }
    guard !entries.isEmpty else { return }
    exposition.begin(description)
    for entry in entries { write(entry.child, description.name, entry.labels, &exposition) }
  }
}
