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
  private typealias SyncOutcome = Result<(SourceListing, UInt16), SyncFailure>

  /// For the first attempts to end before the first snapshot is written without them.
  static let firstSnapshotPatience = Duration.milliseconds(1000)

  private let provider: any SourceProvider
  private let backends: Backends
  private let publisher: Publisher
  private let reports: StatusQueue
  private let events: EventQueue
  private let resyncInterval: Duration
  private let retention: Retention
  private let concurrentSyncs: Int
  private let metrics: ControllerMetrics
  private let logger: Logger
  private let start = ContinuousClock.now
  private let startDate = Date.now

  private var records: [String: SourceRecord] = [:]
  private var former: [String: RoutedSource] = [:]
  private var queue = WorkQueue<String>()
  private var underWay = 0
  private var attempts: [String: Task<SyncOutcome, Never>] = [:]
  private var isStopping = false
  private var wakeup: (due: Duration, task: Task<Void, Never>)?
  /// Those of the first list whose first attempt has not ended; nil before there is a list.
  private var awaitingFirstSync: Set<String>?
  private var isPublishing = false
  private var conflictWatch: ConflictWatch?
  /// Sources whose status may have become another.
  private var statusDue: Set<String> = []
  private var isReportingStatus = false
  /// Whether this replica writes status and events. One that does not keeps up with what another writes, so that it finds
  /// out what is missing there when it is its turn.
  private var isLeading: Bool

  /// `isLeading` is false where that is to be said by ``lead(_:)``.
  init(
    provider: any SourceProvider, backends: Backends, publisher: Publisher, reporter: any StatusReporter,
    eventReporter: any EventReporter, resyncInterval: Duration, retention: Retention, concurrentSyncs: Int,
    isLeading: Bool = true, metrics: ControllerMetrics, logger: Logger
  ) {
    self.provider = provider
    self.backends = backends
    self.publisher = publisher
    reports = StatusQueue(reporter: reporter, metrics: metrics, logger: logger)
    events = EventQueue(reporter: eventReporter, metrics: metrics, logger: logger)
    self.resyncInterval = resyncInterval
    self.retention = retention
    self.concurrentSyncs = concurrentSyncs
    self.isLeading = isLeading
    self.metrics = metrics
    self.logger = logger
  }

  /// Runs until its task is cancelled.
  func run() async {
    former = Dictionary(uniqueKeysWithValues: await publisher.former.map { ($0.name, $0) })
    conflictWatch = ConflictWatch(
      current: { [weak self] in await self?.routed ?? [] }, tell: { [weak self] in await self?.conflictsFound($0) })
    await publisher.report { [weak self] in await self?.snapshotWriteEnded($0) }
    let keeping = Task { await publisher.keep() }
    let expiry = Task {
      while !Task.isCancelled {
        try? await Task.sleep(for: retention.interval)
        expire()
      }
    }
    for await event in provider.events() {
      switch event {
      case .replaced(let sources): await replace(sources)
      case .applied(let source): apply(source)
      case .deleted(let source): await delete(source.name)
      }
    }
    expiry.cancel()
    keeping.cancel()
    wakeup?.task.cancel()
  }

  /// Ends what is under way, without a verdict on any source.
  func stop() async {
    isStopping = true
    wakeup?.task.cancel()
    for attempt in attempts.values { attempt.cancel() }
    await conflictWatch?.stop()
    await events.stop()
    await reports.stop()
  }

  /// Whether a snapshot reflects what was listed.
  var isReady: Bool { get async { await publisher.hasPublished } }

  private var now: Duration { ContinuousClock.now - start }
  /// The time of day by a clock that nobody sets while this process runs: what was listed when.
  private var steadyDate: Date { startDate.addingTimeInterval(now / .seconds(1)) }

  // MARK: What happens to sources

  private func replace(_ sources: [MetricsSource]) async {
    let names = Set(sources.map(\.name))
    for name in records.keys where !names.contains(name) { await delete(name) }
    let isFirst = awaitingFirstSync == nil
    if isFirst { awaitingFirstSync = names }
    for source in sources { apply(source) }
    former = [:]
    guard isFirst else { return }
    if names.isEmpty {
      startPublishing()
      return lookForConflicts()
    }
    // The first snapshot waits for the first attempts, but not for long: with every backend down it says what is known.
    Task {
      try? await Task.sleep(for: Self.firstSnapshotPatience)
      startPublishing()
    }
  }

  private func apply(_ source: MetricsSource) {
    let name = source.name
    guard var record = records[name] else {
      let record = SourceRecord(source: source, routed: former[name])
      store(record, for: name)
      logger.info("Update metrics source \(name)")
      enqueueStatusOfShadows(of: name)
      queue.add(name)
      return pump()
    }
    // A write of our own status, or of metadata: the spec is as it was.
    guard !record.source.declaresTheSame(as: source) else {
      let status = record.status
      record.update(source)
      records[name] = record
      // The former leader may have written it just before its end, and it is seen only now.
      if record.status != status { enqueueStatus(of: name) }
      return
    }
    logger.info("Update metrics source \(name)")
    record.adopt(source)
    record.backoff = SourceRecord.freshBackoff
    store(record, for: name)
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
    publish()
    firstSyncEnded(name)
    lookForConflicts()
    enqueueStatusOfShadows(of: name)
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
      record.succeed(listing, port: port, retention: retention, now: .now, steadyNow: steadyDate)
      metrics.reconciled(name, failure: nil, in: duration)
      delay = resyncInterval * Double.random(in: 0.9...1.1)
    case .failure(let failure):
      logger.error("cannot sync metrics from /\(name): \(failure.message)", ["reason": failure.reason.rawValue])
      record.fail(failure)
      metrics.reconciled(name, failure: failure.reason, in: duration)
      delay = record.backoff.next(at: now, chance: .random(in: 0.5...1))
    }
    queue.add(name, at: now + delay)
    store(record, for: name)
    firstSyncEnded(name)
    enqueueStatus(of: name)
  }

  private func attempt(_ source: MetricsSource) async -> SyncOutcome {
    if let problem = source.problem { return .failure(SyncFailure(reason: .invalidSpec, message: problem)) }
    do throws(SyncFailure) {
      let port = try await backends.ports.port(of: source.spec.service)
      locate(source, at: port)
      return .success((try await backends.discovery.list(source.spec, port: port), port))
    } catch {
      return .failure(error)
    }
  }

  /// Claims do not wait for a list, which a backend that hangs may never give.
  private func locate(_ source: MetricsSource, at port: UInt16) {
    let name = source.name
    guard !Task.isCancelled, var record = records[name], record.source.declaresTheSame(as: source) else { return }
    record.locate(at: Int(port))
    if record.routed != records[name]?.routed { store(record, for: name) }
  }

  private func expire() {
    for (name, record) in records {
      var record = record
      guard record.expire(retention, now: steadyDate) else { continue }
      store(record, for: name)
      enqueueStatus(of: name)
    }
  }

  /// Keeps what has become of a source, and has it published and compared with the others where that is something new:
  /// mostly a backend lists what it listed before.
  private func store(_ record: SourceRecord, for name: String) {
    let former = records.updateValue(record, forKey: name)?.routed
    let routed = record.routed
    metrics.routed(
      name, metrics: record.metricCount, retained: record.metricCount - (routed?.listing.count ?? 0))
    guard former != routed else { return }
    publish()
    if former?.priority != routed?.priority || former?.listing != routed?.listing
      || former?.retained != routed?.retained
    {
      lookForConflicts()
    }
  }

  // MARK: Beside the others

  /// As long as a list is awaitingFirstSync, a conflict that a former run found may seem to be resolved.
  private func lookForConflicts() {
    guard awaitingFirstSync?.isEmpty == true, !isStopping else { return }
    Task { await conflictWatch?.look() }
  }

  private func conflictsFound(_ findings: ConflictFinder.Findings) async {
    let conflicts = findings.conflicts
    metrics.conflicting(sources: conflicts.count)
    for (name, record) in records where !record.peers.isCompared || record.peers.conflict != conflicts[name] {
      records[name]?.peers.isCompared = true
      records[name]?.peers.conflict = conflicts[name]
      enqueueStatus(of: name)
    }
    guard isLeading else { return }
    for (name, event) in Takeover.events(findings.takeovers) {
      guard let source = records[name]?.source else { continue }
      await events.offer([event], of: source)
    }
  }

  /// A source came or went that others may be compared with.
  private func enqueueStatusOfShadows(of name: String) {
    for (shadow, record) in records where record.source.spec.shadowOf == name { enqueueStatus(of: shadow) }
  }

  /// Whether any source is to be compared with another.
  var hasShadows: Bool { records.values.contains { $0.source.spec.shadowOf != nil } }

  /// What the server says of sources that shadow others. One of which it says nothing keeps what was said before.
  func shadowSummariesChanged(_ summaries: ShadowWatch.Summaries) {
    for (name, summary) in summaries {
      guard let record = records[name], record.source.spec.shadowOf == summary.of, record.peers.shadow != summary else {
        continue
      }
      records[name]?.peers.shadow = summary
      enqueueStatus(of: name)
    }
  }

  // MARK: Status

  /// This replica begins to write status and events, and then for all sources at once what their resources do not say
  /// yet, or leaves that to another. Of the leader's events none is told again: each follows from what the status on the
  /// resource was. To be called by one caller, once after another.
  func lead(_ isLeading: Bool) async {
    guard isLeading != self.isLeading, !isStopping else { return }
    if isLeading {
      await events.resume()
      await reports.resume()
      self.isLeading = true
      for name in records.keys {
        records[name]?.rememberRoute()
        enqueueStatus(of: name)
      }
    } else {
      self.isLeading = false
      statusDue = []
      await events.pause()
      await reports.pause()
      for name in records.keys { records[name]?.follow() }
    }
  }

  /// Has the status of a source reported, where it is another now. One at a time, so that none overtakes a later one.
  private func enqueueStatus(of name: String) {
    guard isLeading else { return }
    statusDue.insert(name)
    guard !isReportingStatus else { return }
    isReportingStatus = true
    Task {
      while !isStopping, isLeading, let name = statusDue.popFirst() { await report(name) }
      isReportingStatus = false
    }
  }

  private func report(_ name: String) async {
    guard var record = records[name] else { return }
    record.peers.hasShadowed = record.source.spec.shadowOf.map { records[$0] != nil } ?? false
    guard let status = record.status(now: .now) else { return }
    var changes = SourceEvent.events(from: record.status, to: status)
    if let change = records[name]?.routeChange(countIsTold: changes.contains { $0.reason == .synced }) {
      changes.append(change)
    }
    let isNew = status != record.status
    if isNew { records[name]?.report(status) }
    if !changes.isEmpty { await events.offer(changes, of: record.source) }
    // It may have been deleted meanwhile.
    guard isNew, records[name] != nil else { return }
    await reports.offer(status, of: record.source)
  }

  // MARK: The snapshot

  private func startPublishing() {
    guard !isPublishing else { return }
    isPublishing = true
    publish()
  }

  /// An attempt has ended, or will never end: the source is gone.
  private func firstSyncEnded(_ name: String) {
    guard awaitingFirstSync?.remove(name) != nil, awaitingFirstSync?.isEmpty == true else { return }
    startPublishing()
    lookForConflicts()
  }

  /// What could not be written, or that all is written.
  private func snapshotWriteEnded(_ unpublished: Publisher.Unpublished?) {
    for (name, record) in records {
      let cause = unpublished.flatMap { $0.sources.contains(name) ? $0.cause : nil }
      guard record.peers.unpublished != cause else { continue }
      records[name]?.peers.unpublished = cause
      enqueueStatus(of: name)
    }
  }

  private func publish() {
    guard isPublishing, !isStopping else { return }
    Task { await publisher.publish { await self.routed } }
  }

  /// What the table should hold, asked for by the publisher when it writes: the latest counts.
  private var routed: [RoutedSource] { records.values.compactMap(\.routed) }
}
