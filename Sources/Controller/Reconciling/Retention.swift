import FoundationEssentials
import MetricsAPI
import Routing

/// How long metrics stay routed that a source no longer lists. prometheus-adapter for one lists only series that it has
/// seen of late, and still answers the others.
struct Retention: Sendable {
  /// Of one source, in names; of more the oldest are dropped.
  static let maximumCount = 200_000

  /// `--metric-retention`: from when a metric was last listed. Zero retains nothing.
  let period: Duration

  /// What is to be retained of `former`, whose list was last read at `lastRead`, now that the same backend lists
  /// `listing`: newest first, disjoint, and of `types` alone.
  func retained(
    of former: RoutedSource, lastRead: Date, listing: MetricsListing, types: [MetricsSourceSpec.MetricType], now: Date
  ) -> [RetainedListing] {
    // Byte by byte, as keys are compared, and not as Swift compares strings.
    if former.retained.isEmpty, former.listing.keys.elementsEqual(listing.keys) { return [] }
    let vanished = RetainedListing(
      lastListed: min(lastRead, now).ISO8601Format(), listing: former.listing)
    var seen = Set(listing.keys)
    var kept: [RetainedListing] = []
    var room = Self.maximumCount
    for batch in unexpired([vanished] + former.retained, at: now) {
      var custom: [CustomMetric] = []
      var external: [String] = []
      for key in batch.listing.keys where room > 0 && types.contains(.init(key.group)) && seen.insert(key).inserted {
        room -= 1
        switch key {
        case .custom(let metric): custom.append(metric)
        case .external(let name): external.append(name)
        }
      }
      let listing = MetricsListing(custom: custom, external: external)
      if listing.isEmpty { continue }
      if let last = kept.last, last.lastListed == batch.lastListed {
        kept[kept.count - 1].listing = last.listing.union(listing)
      } else {
        kept.append(RetainedListing(lastListed: batch.lastListed, listing: listing))
      }
    }
    return kept
  }

  /// Those that are to stay routed at `now`, newest first. A time in the future, as a clock that is set back leaves it,
  /// counts as now.
  func unexpired(_ batches: [RetainedListing], at now: Date) -> [RetainedListing] {
    let dated = batches.compactMap { batch -> (time: Date, batch: RetainedListing)? in
      guard let time = try? Date(batch.lastListed, strategy: .iso8601) else { return nil }
      var batch = batch
      if time > now { batch.lastListed = now.ISO8601Format() }
      return (min(time, now), batch)
    }
    let start = now.addingTimeInterval(-(period / .seconds(1)))
    return dated.filter { $0.time > start }.sorted { $0.time > $1.time }.map(\.batch)
  }

  /// How often to look for what has expired.
  var interval: Duration { period > .zero ? min(.seconds(30), max(.milliseconds(250), period / 10)) : .seconds(30) }
}

extension MetricsListing {
  /// Those of `types`, without placeholders.
  func limited(to types: [MetricsSourceSpec.MetricType]) -> MetricsListing {
    limited(to: MetricsGroup.allCases.filter { types.contains(.init($0)) })
  }
}
