import EventLoop
import MetricsAPI
import Routing
import Telemetry

/// What the server knows of its sources, put together for a person.
struct StatusView: Sendable {
  /// Which sources to tell of.
  struct Selection: Sendable, Equatable {
    /// In their names, upper and lower case alike.
    var text = ""
    var state: SourceState?
    var offset = 0
    var limit = 100
  }

  let tables: TableHolder
  let metrics: RouterMetrics
  let history: SourceHistory
  let workers: Int

  /// Takes some milliseconds for a thousand sources.
  func report(_ selection: Selection, now: MonotonicTime = .now()) -> StatusReport {
    history.update(at: now)
    let loaded = tables.current
    let breakers = metrics.breakersOpen.all
    let wanted = selection.text.lowercased()
    var states: [String: Int] = [:]
    var found: [(source: RoutedSource, state: SourceState, slots: [HistoryRing.Slot])] = []
    for source in loaded?.table.sources ?? [] {
      let slots = history.slots(of: source.name, at: now)
      let state = SourceState(source, breakersOpen: breakers[[source.name]]?.value ?? 0, slots: slots)
      states[state.rawValue, default: 0] += 1
      if let only = selection.state, state != only { continue }
      guard wanted.isEmpty || source.name.lowercased().contains(wanted) else { continue }
      found.append((source, state, slots))
    }
    let shown = found.dropFirst(selection.offset).prefix(selection.limit)
    let failures = failures(of: Set(shown.map(\.source.name)))
    let connections = metrics.backendConnections.all
    let shadows = metrics.shadows.summaries.all
    return StatusReport(
      version: BuildVersion.version, workers: workers, table: loaded.map(Self.table),
      rejectedTables: metrics.reloads.child("rejected").value &+ metrics.reloads.child("unreadable").value,
      states: states, matches: found.count,
      sources: shown.map { source, state, slots in
        var report = SourceReport(source, state, slots)
        report.breakersOpen = breakers[[source.name]]?.value ?? 0
        report.connections = connections[[source.name]]?.value ?? 0
        report.failures = failures[source.name] ?? [:]
        report.shadow = source.shadowOf == nil ? nil : shadows[source.name]
        return report
      })
  }

  private static func table(_ loaded: LoadedTable) -> StatusReport.Table {
    let conditional = loaded.table.sources.reduce(0) { count, source in
      count + source.claims.count { !$0.namespaces.isEmpty || !$0.selectorKeys.isEmpty }
    }
    return StatusReport.Table(
      generation: loaded.generation, ageSeconds: loaded.age.inSeconds, sources: loaded.table.sources.count,
      metrics: loaded.table.metricCount, conditionalClaims: conditional)
  }

  private func failures(of names: Set<String>) -> [String: [String: UInt64]] {
    var failures: [String: [String: UInt64]] = [:]
    for (labels, counter) in metrics.backendFailures.all where names.contains(labels[0]) && counter.value > 0 {
      failures[labels[0], default: [:]][labels[1]] = counter.value
    }
    return failures
  }
}

extension SourceReport {
  fileprivate init(_ source: RoutedSource, _ state: SourceState, _ slots: [HistoryRing.Slot]) {
    let total = slots.reduce(HistoryRing.Slot(), +)
    self.init(
      name: source.name, state: state, priority: source.priority, metricTypes: source.metricTypes,
      service: "\(source.serviceNamespace)/\(source.serviceName)", backend: source.backend.description,
      sendsToken: source.isShownToken,
      skipsVerification: source.backend.scheme == .https && source.tls.insecureSkipTLSVerify,
      timeoutSeconds: source.timeoutSeconds, listed: source.listing.count,
      retained: source.metricCount - source.listing.count, claims: source.claims.map(\.description),
      fallThrough: source.fallThrough.outcomes, isStale: source.isStale, breakersOpen: 0, connections: 0,
      shadowOf: source.shadowOf, shadow: nil, requests: Int(total.requests), errors: Int(total.errors),
      meanMilliseconds: total.meanMilliseconds.map(Self.rounded),
      latency: slots.map { $0.meanMilliseconds.map(Self.rounded) },
      errorRates: slots.map { $0.errorRate.map(Self.rounded) }, failures: [:])
  }

  /// To thousandths, which is as much as anybody sees.
  private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
