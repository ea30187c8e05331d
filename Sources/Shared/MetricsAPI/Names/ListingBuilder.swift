/// Collects the metrics of a listing in any order, some of them perhaps several times.
package struct ListingBuilder {
  private var names = NameList()
  private var runs: [MetricsListing.Run] = []
  package var placeholders: [String] = []

  package init() {}

  package mutating func append(_ name: String, in scope: MetricScope) {
    names.append(name)
    extend(scope)
  }

  /// `name` is valid UTF-8.
  package mutating func append(_ name: ArraySlice<UInt8>, in scope: MetricScope) {
    names.append(name)
    extend(scope)
  }

  mutating func append(_ section: MetricsListing.Section) {
    for position in section.range { append(section.names.utf8(at: position), in: section.scope) }
  }

  private mutating func extend(_ scope: MetricScope) {
    if let last = runs.last, last.scope == scope {
      runs[runs.count - 1].end = names.count
    } else {
      runs.append(MetricsListing.Run(scope: scope, end: names.count))
    }
  }

  package func listing() -> MetricsListing {
    var sorted = ListingBuilder()
    sorted.names = NameList(reserving: names.count, bytes: names.byteCount)
    var last: Place?
    for place in places() {
      if let last, !precedes(last, place) { continue }
      sorted.append(names.utf8(at: place.name), in: runs[place.run].scope)
      last = place
    }
    for placeholder in placeholders.sorted(by: { $0.compareBytes($1) < 0 }) {
      if let last = sorted.placeholders.last, last.hasSameBytes(as: placeholder) { continue }
      sorted.placeholders.append(placeholder)
    }
    return MetricsListing(
      storage: MetricsListing.Storage(
        names: sorted.names, runs: Array(sorted.runs), placeholders: sorted.placeholders))
  }

  /// Where a metric is.
  private struct Place {
    let run: Int
    let name: Int
  }

  /// In order. Who lists sorted names lists them resource by resource, so that mostly it is enough to sort the runs.
  private func places() -> [Place] {
    var start = 0
    let ranges = runs.map { run in
      defer { start = run.end }
      return start..<run.end
    }
    let order = runs.indices.sorted { left, right in
      let compared = runs[left].scope.compareResource(runs[right].scope)
      return compared != 0 ? compared < 0 : left < right
    }
    var places: [Place] = []
    places.reserveCapacity(names.count)
    for run in order { places += ranges[run].lazy.map { Place(run: run, name: $0) } }
    if !zip(places, places.dropFirst()).allSatisfy(precedes) { places.sort(by: precedes) }
    return places
  }

  private func precedes(_ left: Place, _ right: Place) -> Bool {
    if left.run == right.run { return names.compare(left.name, names, right.name) < 0 }
    let (scope, other) = (runs[left.run].scope, runs[right.run].scope)
    let resources = scope.compareResource(other)
    if resources != 0 { return resources < 0 }
    let compared = names.compare(left.name, names, right.name)
    return compared != 0 ? compared < 0 : scope.isNamespacedBefore(other)
  }
}
