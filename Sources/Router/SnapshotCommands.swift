import EventLoop
import Routing

/// `routes` and `explain`: what a snapshot file says, for a person.
enum SnapshotCommands {
  static func run(_ options: RouterOptions) throws(SnapshotCommandError) -> String {
    let snapshot: Snapshot
    do {
      snapshot = try Snapshot.decode(try FileContent.read(options.snapshot, limit: Snapshot.maximumLength))
    } catch {
      throw SnapshotCommandError(description: "\(options.snapshot) cannot be used: \(error)")
    }
    guard case .explain(let metric) = options.task else { return RoutesTable.text(snapshot.table) }
    do throws(MetricArgumentError) {
      return snapshot.table.explain(try MetricArgument.parse(metric, namespace: options.namespace)).text
    } catch {
      throw SnapshotCommandError(description: "\(error)")
    }
  }
}

/// Why a snapshot could not be shown.
struct SnapshotCommandError: Error, CustomStringConvertible {
  var description: String
}
