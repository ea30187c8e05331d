import Synchronization

/// The metrics of a process, each registered once at its start, and the text that shows them. A description that
/// Prometheus or its linter would refuse, or a name that is already taken, is a mistake of the program and stops it.
package final class MetricsRegistry: Sendable {
  /// The media type of ``render()`` (Prometheus' text exposition format 0.0.4).
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"
  /// How many children a family has at most, besides the one for whatever is beyond.
  package static let childLimit = 10_000

  private struct State {
    var families: [any ExposedFamily] = []
    var names: Set<String> = []
  }

  private let state = Mutex(State())

  /// Without metrics; those of the process itself are ``ProcessMetrics``.
  package init() {}

  func register<Family: ExposedFamily>(_ family: Family) -> Family {
    let description = family.description
    if let problem = description.problem { preconditionFailure("metric \(description.name): \(problem)") }
    state.withLock { state in
      for name in description.seriesNames {
        precondition(state.names.insert(name).inserted, "metric \(name) is registered twice")
      }
      let index = state.families.firstIndex { description.name < $0.description.name } ?? state.families.count
      state.families.insert(family, at: index)
    }
    return family
  }

  /// What every family says of itself, whether or not it has a value now; by name.
  package var descriptions: [MetricDescription] { state.withLock { $0.families.map(\.description) } }

  /// Every metric as it is now, families by name and their children by labels.
  package func render() -> [UInt8] {
    let families = state.withLock { $0.families }
    var exposition = Exposition()
    for family in families { family.expose(into: &exposition) }
    return exposition.bytes
  }
}
