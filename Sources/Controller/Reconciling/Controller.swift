import FoundationEssentials
import Kubernetes
import Routing
import Telemetry

/// The reconcile loop: takes what happens to MetricsSources, syncs each with its backend, many at a time and each alone,
/// and keeps routing table and status in step.
actor Controller {
  /// What syncing a source needs.
  struct Backends: Sendable {
    var ports: PortResolver
    var discovery: BackendDiscovery
  }

  /// For the first attempts to end before the first snapshot is written without them.
  private static let firstSnapshotPatience = Duration.milliseconds(1500)
  private static let statusRetryInterval = Duration.seconds(2)

  private let provider: any SourceProvider
  private let backends: Backends
  private let publisher: Publisher
  private let reporter: any StatusReporter
  private let resyncInterval: Duration
  private let concurrentSyncs: Int
  private let logger: Logger
  private let start = ContinuousClock.now

  private var records: [String: SourceRecord] = [:]
  private var former: [String: RoutedSource] = [:]
  private var queue = WorkQueue<String>()
  private var underWay = 0
  private var wakeup: (due: Duration, task: Task<Void, Never>)?
  /// Sources whose first attempt has not ended, between the first list and the first snapshot.
  private var awaited: Set<String>?
  private var isPublishing = false

  init(
    provider: any SourceProvider, backends: Backends, publisher: Publisher, reporter: any StatusReporter,
    resyncInterval: Duration, concurrentSyncs: Int, logger: Logger
  ) {
    self.provider = provider
    self.backends = backends
    self.publisher = publisher
    self.reporter = reporter
    self.resyncInterval = resyncInterval
    self.concurrentSyncs = concurrentSyncs
    self.logger = logger
  }

  /// Runs until its task is cancelled.
  func run() async {
    former = Dictionary(uniqueKeysWithValues: await publisher.former.map { ($0.name, $0) })
    for await event in provider.events() {
      switch event {
      case .replaced(let sources): await replace(sources)
      case .applied(let source): apply(source)
      case .deleted(let source): await delete(source.name)
      }
    }
    wakeup?.task.cancel()
  }

  /// Whether a snapshot reflects what was listed.
  var isReady: Bool { get async { await publisher.hasPublished } }

  private var now: Duration { ContinuousClock.now - start }

  // MARK: What happens to sources

  private func replace(_ sources: [MetricsSource]) async {
    let names = Set(sources.map(\.name))
    for name in records.keys where !names.contains(name) { await delete(name) }
    let isFirst = !isPublishing && awaited == nil
    if isFirst { awaited = names }
    for source in sources { apply(source) }
    former = [:]
    guard isFirst else { return }
    if names.isEmpty { return startPublishing() }
    // The first snapshot waits for the first attempts, but not for long: with every backend down it says what is known.
    Task {
      try? await Task.sleep(for: Self.firstSnapshotPatience)
      startPublishing()
    }
  }

  private func apply(_ source: MetricsSource) {
    let name = source.name
    guard var record = records[name] else {
      records[name] = SourceRecord(source: source, routed: former[name])
      records[name]?.adopt(source)
      logger.info("Update metrics source \(name)")
      publish()
      queue.add(name)
      return pump()
    }
    // A write of our own status, or of metadata: the spec is as it was.
    guard record.source.spec != source.spec || record.source.metadata.uid != source.metadata.uid else {
      records[name]?.source = source
      return
    }
    logger.info("Update metrics source \(name)")
    record.adopt(source)
    record.backoff = SourceRecord.freshBackoff
    records[name] = record
    publish()
    queue.add(name)
    pump()
  }

  private func delete(_ name: String) async {
    guard records.removeValue(forKey: name) != nil else { return }
    logger.info("Delete metrics source \(name)")
    queue.forget(name)
    awaited?.remove(name)
    publish()
    await reporter.forget(name)
  }

  // MARK: The queue

  /// Starts what may start now, and sees to it that somebody comes back for the rest.
  private func pump() {
    while underWay < concurrentSyncs, let name = queue.take(at: now) {
      underWay += 1
      Task {
        await sync(name)
        underWay -= 1
        queue.finish(name)
        pump()
      }
    }
    guard let due = queue.nextDue, underWay < concurrentSyncs else { return }
    if let wakeup, wakeup.due <= due { return }
    wakeup?.task.cancel()
    let delay = max(.zero, due - now)
    wakeup = (
      due,
      Task {
        try? await Task.sleep(for: delay)
        guard !Task.isCancelled else { return }
        wakeup = nil
        pump()
      }
    )
  }

  // MARK: One source

  private func sync(_ name: String) async {
    guard let source = records[name]?.source else { return }
    logger.info("syncing metrics from /\(name)")
    let outcome = await attempt(source)
    // Deleted, or changed, while its backend was asked: the answer is for a question that nobody has any more.
    guard var record = records[name] else { return }
    guard record.source.spec == source.spec else { return }
    let delay: Duration
    switch outcome {
    case .success(let (listing, port)):
      logger.info("\(listing.count) metrics loaded from /\(name)")
      record.routed = RoutedSource(name: name, spec: source.spec, port: port, listing: listing)
      record.backoff.reset()
      delay = resyncInterval * Double.random(in: 0.9...1.1)
    case .failure(let failure):
      logger.error("cannot sync metrics from /\(name): \(failure.message)", ["reason": failure.reason.rawValue])
      delay = record.backoff.next(at: now, chance: .random(in: 0.5...1))
    }
    records[name] = record
    queue.add(name, at: now + delay)
    awaited?.remove(name)
    if awaited?.isEmpty == true { startPublishing() }
    publish()
    await report(outcome.map(\.0), of: record)
  }

  private func attempt(_ source: MetricsSource) async -> Result<(SourceListing, UInt16), SyncFailure> {
    if let problem = source.spec.problems().first {
      return .failure(SyncFailure(reason: .invalidSpec, message: "\(problem)"))
    }
    do throws(SyncFailure) {
      let port = try await backends.ports.port(of: source.spec.service)
      return .success((try await backends.discovery.list(source.spec, port: port), port))
    } catch {
      return .failure(error)
    }
  }

  private func report(_ outcome: MetricsSourceStatus.Outcome, of record: SourceRecord) async {
    let name = record.source.name
    let status = MetricsSourceStatus.after(
      outcome, of: record.source, routed: record.routed, former: record.status, now: Date.now.ISO8601Format())
    guard status != record.status else { return }
    do throws(ReportError) {
      try await reporter.report(status, of: record.source)
      records[name]?.status = status
    } catch {
      logger.warning("\(error)")
      // Asked again, and told then.
      queue.add(name, at: now + Self.statusRetryInterval)
    }
  }

  // MARK: The snapshot

  private func startPublishing() {
    guard !isPublishing else { return }
    isPublishing = true
    awaited = nil
    publish()
  }

  private func publish() {
    guard isPublishing else { return }
    Task { await publisher.publish { await self.routed } }
  }

  /// What the table should hold, asked for by the publisher when it writes: the latest counts.
  private var routed: [RoutedSource] { records.values.compactMap(\.routed) }
}
