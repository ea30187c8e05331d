import EventLoop
import Routing
import Telemetry

/// Keeps the table in force in step with the snapshot file: looks at it whenever its folder changes and at least once a
/// second, and takes it only when it is valid as a whole. A file that is not leaves everything as it is.
struct SnapshotReader: Sendable {
  static let interval = Duration.seconds(1)

  let path: String
  let tables: TableHolder
  let readiness: Readiness
  let discovery: DiscoveryOptions
  let metrics: RouterMetrics
  let logger: Logger

  /// Runs until its task is cancelled.
  func run() async throws(SystemError) {
    let watch = try DirectoryWatch(directory: FileContent.folder(of: path), interval: Self.interval)
    var last: FileIdentity?
    var retired = RetiredTable()
    for await _ in watch.changes {
      let identity = FileIdentity(path: path)
      tables.dropFormer()
      retired.collect()
      guard let identity, identity != last else { continue }
      do throws(SystemError) {
        let bytes = try FileContent.read(path, limit: Snapshot.maximumLength)
        let former = tables.current
        await load(bytes)
        if former !== tables.current { retired.retire(former) }
        last = identity
      } catch {
        // Nothing is known of its content: looked at again the next time.
        metrics.reloads.child("unreadable").add()
        logger.error("cannot read the snapshot, \(kept): \(error)")
      }
    }
  }

  private static func table(
    _ bytes: [UInt8], _ discovery: DiscoveryOptions, after former: LoadedTable?
  ) -> Result<LoadedTable, SnapshotError> {
    do throws(SnapshotError) {
      return .success(LoadedTable(try Snapshot.decode(bytes), discovery: discovery, after: former))
    } catch {
      return .failure(error)
    }
  }

  private var kept: String {
    tables.current.map { "generation \($0.generation) stays in force" } ?? "no table is in force"
  }

  private func load(_ bytes: [UInt8]) async {
    let result = await YieldingThread.run(named: "table") { [discovery, former = tables.current] in
      Self.table(bytes, discovery, after: former)
    }
    let loaded: LoadedTable
    do throws(SnapshotError) {
      loaded = try result.get()
    } catch {
      metrics.reloads.child("rejected").add()
      logger.error("snapshot rejected, \(kept): \(path): \(error)")
      return
    }
    tables.replace(loaded)
    metrics.keepOnly(loaded.table)
    metrics.reloads.child("loaded").add()
    readiness.meet("routing-table")
    logger.info(
      "routing table loaded: generation \(loaded.generation), \(loaded.table.sources.count) sources, \(loaded.table.metricCount) metrics"
    )
    if loaded.discovery.omittedCount > 0 {
      logger.warning(
        "discovery leaves out metrics, which are routed all the same: raise --discovery-max-entries, or choose"
          + " --discovery=compact", ["omitted": "\(loaded.discovery.omittedCount)"])
    }
  }
}
