extension MetricsListing {
  /// Neighbours of one scope in a listing, in order. The listings of a table, and all that is made of them, share names by
  /// these.
  package struct Section: Sendable {
    package let scope: MetricScope
    /// Positions in the listing.
    package let range: Range<Int>
    let names: NameList

    package var count: Int { range.count }

    package func utf8(at position: Int) -> ArraySlice<UInt8> { names.utf8(at: position) }

    /// Calls `body` for each position with the hash of the key that is there, which is ``MetricKey/byteHash``.
    package func forEachHash(_ body: (_ position: Int, _ hash: Int) -> Void) {
      let resource = KeyHash.Resource(scope)
      for position in range {
        body(position, names.withBytes(at: position) { resource.hash(name: $0) })
      }
    }
  }

  package var sections: [Section] {
    var start = 0
    return storage.runs.map { run in
      defer { start = run.end }
      return Section(scope: run.scope, range: start..<run.end, names: storage.names)
    }
  }

  /// All metrics in order.
  package var keys: some Sequence<MetricKey> { (0..<count).lazy.map(key(at:)) }

  /// `position` is one of a ``Section``.
  package func key(at position: Int) -> MetricKey { scope(at: position).key(storage.names[position]) }

  package func contains(_ key: MetricKey) -> Bool {
    guard let scope = storage.runs.first(where: { $0.scope == key.scope })?.scope else { return false }
    return sections.contains { section in
      guard section.scope == scope else { return false }
      return key.metricName.withBytes { name in
        let position = section.range.firstPosition { section.names.compare($0, name) >= 0 }
        return position < section.range.upperBound && section.names.isEqual(position, name)
      }
    }
  }

  /// Whether the metric at `position` is `key`, byte by byte. Allocates nothing.
  package func isKey(at position: Int, _ key: MetricKey) -> Bool {
    let isSameName =
      switch key {
      case .external(let name): name.withBytes { storage.names.isEqual(position, $0) }
      case .custom(let metric): metric.name.withBytes { storage.names.isEqual(position, $0) }
      }
    return isSameName && storage.runs[run(at: position)].scope.isScope(of: key)
  }

  /// Whether the metric at `position` is the one of `other` at `otherPosition`.
  package func isKey(at position: Int, of other: MetricsListing, at otherPosition: Int) -> Bool {
    other.storage.names.withBytes(at: otherPosition) { storage.names.isEqual(position, $0) }
      && scope(at: position) == other.scope(at: otherPosition)
  }

  private func scope(at position: Int) -> MetricScope { storage.runs[run(at: position)].scope }

  private func run(at position: Int) -> Int {
    storage.runs.indices.firstPosition { storage.runs[$0].end > position }
  }
}

extension Range<Int> {
  /// The first one at which `isReached`, which holds from somewhere on, or the upper bound.
  func firstPosition(_ isReached: (Int) -> Bool) -> Int {
    var (low, high) = (lowerBound, upperBound)
    while low < high {
      let middle = low + (high - low) / 2
      if isReached(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
