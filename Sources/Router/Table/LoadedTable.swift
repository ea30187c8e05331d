import EventLoop
import Routing
import Synchronization

/// A routing table in force, with what is made of it once so that a request costs only a look-up.
final class LoadedTable: Sendable {
  let table: RoutingTable
  let discovery: DiscoveryDocuments
  let generation: UInt64
  private let loadedAt = MonotonicTime.now()

  init(_ snapshot: Snapshot, discovery options: DiscoveryOptions = DiscoveryOptions()) {
    table = snapshot.table
    generation = snapshot.generation
    discovery = DiscoveryDocuments(table, style: options.style, maximumCount: options.maximumEntries)
  }

  /// Since it was loaded.
  var age: Duration { MonotonicTime.now().since(loadedAt) }
}

/// The table in force, shared by all workers: each request takes it once and uses nothing else, so that no answer mixes
/// two generations.
final class TableHolder: Sendable {
  private let table = Mutex<LoadedTable?>(nil)

  /// Nil until the first valid snapshot was read.
  var current: LoadedTable? { table.withLock { $0 } }
  func replace(_ loaded: LoadedTable) { table.withLock { $0 = loaded } }
}
