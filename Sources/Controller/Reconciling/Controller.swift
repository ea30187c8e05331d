import FoundationEssentials
import Kubernetes
import MetricsAPI
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

  /// What asking a backend came to.
  private typealias Attempt = Result<(SourceListing, UInt16), SyncFailure>

  /// For the first attempts to end before the first snapshot is written without them.
  static let firstSnapshotPatience = Duration.milliseconds(1000)

  private let provider: any SourceProvider
  private let backends: Backends
  private let publisher: Publisher
  private let reports: StatusQueue
  private let resyncInterval: Duration
  private let concurrentSyncs: Int
  private let metrics: ControllerMetrics
  private let logger: Logger
  private let start = ContinuousClock.now

  private var records: [String: SourceRecord] = [:]
  private var former: [String: RoutedSource] = [:]
  private var queue = WorkQueue<String>()
  private var underWay = 0
  private var attempts: [String: Task<Attempt, Never>] = [:]
  private var isStopping = false
  private var wakeup: (due: Duration, task: Task<Void, Never>)?
  /// Sources whose first attempt has not ended, between the first list and the first snapshot.
  private var awaited: Set<String>?
  private var isPublishing = false

  init(
    provider: any SourceProvider, backends: Backends, publisher: Publisher, reporter: any StatusReporter,
    resyncInterval: Duration, concurrentSyncs: Int, metrics: ControllerMetrics, logger: Logger
  ) {
    self.provider = provider
    self.backends = backends
    self.publisher = publisher
    reports = StatusQueue(reporter: reporter, metrics: metrics, logger: logger)
    self.resyncInterval = resyncInterval
    self.concurrentSyncs = concurrentSyncs
    self.metrics = metrics
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

  /// Ends what is under way, without a verdict on any source.
  func stop() async {
    isStopping = true
    wakeup?.task.cancel()
    for attempt in attempts.values { attempt.cancel() }
    await reports.stop()
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
      var record = SourceRecord(source: source, routed: former[name])
      record.adopt(source)
      records[name] = record
      metrics.routed(name, metrics: record.metricCount)
      logger.info("Update metrics source \(name)")
      publish()
      queue.add(name)
      return pump()
    }
    // A write of our own status, or of metadata: the spec is as it was.
    guard !record.source.declaresTheSame(as: source) else {
      records[name]?.source = source
      return
    }
    logger.info("Update metrics source \(name)")
    record.adopt(source)
    record.backoff = SourceRecord.freshBackoff
    records[name] = record
    metrics.routed(name, metrics: record.metricCount)
    publish()
    // Its answer would be for a question that nobody has any more.
    attempts[name]?.cancel()
    queue.add(name)
    pump()
  }

  private func delete(_ name: String) async {
    guard records.removeValue(forKey: name) != nil else { return }
    logger.info("Delete metrics source \(name)")
    queue.forget(name)
    attempts[name]?.cancel()
    metrics.forget(name)
    measureQueue()
    if awaited?.remove(name) != nil, awaited?.isEmpty == true { startPublishing() }
    publish()
    await reports.forget(name)
  }

  // MARK: The queue

  /// Starts what may start now, and sees to it that somebody comes back for the rest.
  private func pump() {
    while !isStopping, underWay < concurrentSyncs, let name = queue.take(at: now) {
      underWay += 1
      Task {
        await sync(name)
        underWay -= 1
        queue.finish(name)
        pump()
      }
    }
    measureQueue()
    guard !isStopping, let due = queue.nextDue, underWay < concurrentSyncs else { return }
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

  private func measureQueue() { metrics.queue(depth: queue.depth, underWay: underWay) }

  // MARK: One source

  private func sync(_ name: String) async {
    guard let source = records[name]?.source else { return }
    logger.info("syncing metrics from /\(name)")
    let attempt = Task { await self.attempt(source) }
    attempts[name] = attempt
    let began = now
    let outcome = await attempt.value
    attempts[name] = nil
    // Deleted, or changed, while its backend was asked; where it is still wanted it is queued again.
    guard !attempt.isCancelled, var record = records[name], record.source.declaresTheSame(as: source) else { return }
    let delay: Duration
    let duration = now - began
    switch outcome {
    case .success(let (listing, port)):
      logger.info("\(listing.metrics.count) metrics loaded from /\(name)")
      record.routed = RoutedSource(name: name, spec: source.spec, port: port, listing: listing)
      record.backoff.reset()
      metrics.reconciled(name, failure: nil, in: duration)
      delay = resyncInterval * Double.random(in: 0.9...1.1)
    case .failure(let failure):
      logger.error("cannot sync metrics from /\(name): \(failure.message)", ["reason": failure.reason.rawValue])
      record.routed?.isStale = true
      metrics.reconciled(name, failure: failure.reason, in: duration)
      delay = record.backoff.next(at: now, chance: .random(in: 0.5...1))
    }
    metrics.routed(name, metrics: record.metricCount)
    queue.add(name, at: now + delay)
    awaited?.remove(name)
    if awaited?.isEmpty == true { startPublishing() }
    let status = MetricsSourceStatus.after(
      outcome.map(\.0), of: record.source, routed: record.routed, former: record.status,
      now: Date.now.ISO8601Format())
    let isNews = status != record.status
    record.status = status
    records[name] = record
    publish()
    if isNews { await reports.offer(status, of: record.source) }
  }

  private func attempt(_ source: MetricsSource) async -> Attempt {
    if let problem = source.problem { return .failure(SyncFailure(reason: .invalidSpec, message: problem)) }
    do throws(SyncFailure) {
      let port = try await backends.ports.port(of: source.spec.service)
      return .success((try await backends.discovery.list(source.spec, port: port), port))
    } catch {
      return .failure(error)
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
    guard isPublishing, !isStopping else { return }
    Task { await publisher.publish { await self.routed } }
  }

  /// What the table should hold, asked for by the publisher when it writes: the latest counts.
  private var routed: [RoutedSource] { records.values.compactMap(\.routed) }
}
