import MetricsAPI
import Telemetry

/// Counts requests of one source, or of none, by group, version and code. Keeps the counters that it has used, so that
/// counting takes no lock. Belongs to one event loop.
struct RequestCounter {
  private let family: MetricFamily<Counter>
  private let source: String
  private var counters: [Int: Counter] = [:]

  init(_ family: MetricFamily<Counter>, source: String) {
    self.family = family
    self.source = source
  }

  mutating func count(_ groupVersion: MetricsGroupVersion?, status: Int) {
    let key = status << 2 | Self.index(of: groupVersion)
    if let known = counters[key] { return known.add() }
    let made = family.child(
      groupVersion?.group.rawValue ?? "", groupVersion?.version ?? "", source, String(status))
    counters[key] = made
    made.add()
  }

  private static func index(of groupVersion: MetricsGroupVersion?) -> Int {
    switch groupVersion {
    case nil: 0
    case .customV1Beta1: 1
    case .customV1Beta2: 2
    case .externalV1Beta1: 3
    }
  }
}
