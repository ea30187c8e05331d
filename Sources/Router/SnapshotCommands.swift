import EventLoop
import Routing

/// `routes` and `explain`: what a snapshot file says, for a person.
enum SnapshotCommands {
  static func run(_ options: RouterOptions) throws(SnapshotCommandError) -> String {
    let snapshot: Snapshot
    do {
      snapshot = try Snapshot.decode(try SnapshotFile.read(options.snapshot))
    } catch {
      throw SnapshotCommandError(description: "\(options.snapshot) cannot be used: \(error)")
    }
    let table = RoutingTable(sources: snapshot.sources, generation: snapshot.generation)
    guard case .explain(let metric) = options.task else { return table.text() }
    guard let key = MetricArgument.parse(metric, namespace: options.namespace) else {
      throw SnapshotCommandError(
        description: "\(metric) names no metric: expected pods/foo or deployments.apps/foo, or foo for an external one")
    }
    return table.explain(key).description
  }
}

/// Why a snapshot could not be shown.
struct SnapshotCommandError: Error, CustomStringConvertible {
  var description: String
}
