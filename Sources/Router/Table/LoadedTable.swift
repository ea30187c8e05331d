import EventLoop
import MetricsAPI
import Routing
import Synchronization

/// A routing table in force, with what is made of it once so that a request costs only a look-up.
final class LoadedTable: Sendable {
  let table: RoutingTable
  let discovery: DiscoveryDocuments
  let generation: UInt64
  private let loadedAt = MonotonicTime.now()

  /// `former` is the one before it: where the same metrics are listed, its documents, which take the longest to make, are
  /// those of this one, too. `options` never change.
  init(
    _ snapshot: Snapshot, discovery options: DiscoveryOptions = DiscoveryOptions(), after former: LoadedTable? = nil
  ) {
    table = snapshot.table
    generation = snapshot.generation
    if let former, former.table.metrics.hasSameListings(as: table.metrics) {
      discovery = former.discovery
    } else {
      discovery = DiscoveryDocuments(table, style: options.style, maximumCount: options.maximumEntries)
    }
  }

  /// Since it was loaded.
  var age: Duration { MonotonicTime.now().since(loadedAt) }
}

/// The table in force, shared by all workers: each request takes it once and uses nothing else, so that no answer mixes
/// two generations.
final class TableHolder: Sendable {
  private struct Tables {
    var current: LoadedTable?
    /// To free a large table takes a while: the last to let go of it should be nobody who answers requests.
    var former: LoadedTable?
    var replacedAt = MonotonicTime.now()
  }

  private let tables = Mutex(Tables())

  /// Nil until the first valid snapshot was read.
  var current: LoadedTable? { tables.withLock { $0.current } }

  func replace(_ loaded: LoadedTable) {
    // What is let go of here is freed behind the lock.
    let former = tables.withLock { tables in
      let former = tables.former
      tables.former = tables.current
      tables.replacedAt = .now()
      tables.current = loaded
      return former
    }
    withExtendedLifetime(former) {}
  }

  /// After so long every worker has let go of the former table, even one that nobody asks anything.
  private static let patience = Duration.seconds(11)

  /// Lets go of the table before the one in force, once the workers have had time to do so.
  func dropFormer() {
    let former = tables.withLock { tables -> LoadedTable? in
      guard MonotonicTime.now().since(tables.replacedAt) > Self.patience else { return nil }
      defer { tables.former = nil }
      return tables.former
    }
    withExtendedLifetime(former) {}
  }
}
