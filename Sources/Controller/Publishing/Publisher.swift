import EventLoop
import FoundationEssentials
import Routing
import Telemetry

/// Writes the snapshot whenever what it holds has changed: a moment after a change, so that many at one time are one
/// write, and again after a while where writing failed, or where the file is no longer the one that was written. However
/// much changes, most of the time it rests: a large table takes its time, and the sources that have not been asked yet
/// need it.
actor Publisher {
  private static let retryInterval = Duration.seconds(2)
  private static let lookInterval = Duration.seconds(1)

  /// What is not in force as it should be, since it could not be written.
  struct Unpublished: Sendable, Equatable {
    /// Sources whose routes are others in the file, or not there.
    var sources: Set<String>
    var cause: String
  }

  private let path: String
  private let writer: String
  private let metrics: ControllerMetrics
  private let logger: Logger
  /// What was last written, or found at the start, and lies there still as far as is known.
  private var published: Snapshot?
  private var identity: FileIdentity?
  /// The highest that a file may have: no two files of different content have the same.
  private var generation: UInt64 = 0
  private var current: (@Sendable () async -> [RoutedSource])?
  private var latest: (@Sendable () async -> [RoutedSource])?
  private var tell: (@Sendable (Unpublished?) async -> Void)?
  private var hasEndedKeeping = false
  private var isScheduled = false
  private var isWriting = false
  private var isClosed = false
  private var pace = Pace(debounce: .milliseconds(100), restFactor: 2)
  private(set) var hasPublished = false
  private(set) var lastError: String?

  /// Reads the snapshot that a former run left, if it is whole: its generation and lists are gone on from.
  init(path: String, writer: String, metrics: ControllerMetrics, logger: Logger) {
    self.path = path
    self.writer = writer
    self.metrics = metrics
    self.logger = logger
    AtomicFile.removeLeftovers(of: path)
    identity = FileIdentity(path: path)
    guard let bytes = try? FileContent.read(path, limit: Snapshot.maximumLength) else { return }
    do throws(SnapshotError) {
      let former = try Snapshot.decode(bytes)
      published = former
      generation = former.generation
      hasPublished = true
      metrics.snapshot(generation: former.generation, bytes: bytes.count, age: former.age(at: .now))
    } catch {
      logger.warning("the snapshot of a former run cannot be used: \(path): \(error)")
    }
  }

  /// What a former run had routed.
  var former: [RoutedSource] { published?.sources ?? [] }

  /// `tell` learns of every attempt to write that failed, and by nil of the one that succeeded.
  func report(to tell: @escaping @Sendable (Unpublished?) async -> Void) { self.tell = tell }

  /// Something has changed: the snapshot shall hold what `current` says in a moment.
  func publish(_ current: @escaping @Sendable () async -> [RoutedSource]) {
    guard !isClosed else { return }
    self.current = current
    if !hasEndedKeeping { latest = current }
    schedule()
  }

  /// Sees to it that what was written stays there, until its task is cancelled: a volume may be emptied, and a file replaced
  /// by whoever can.
  func keep() async {
    while !Task.isCancelled {
      try? await Task.sleep(for: Self.lookInterval)
      guard published != nil, let latest, !isWriting, FileIdentity(path: path) != identity else { continue }
      logger.warning("the snapshot is gone, or is another than was written: it is written again: \(path)")
      published = nil
      if current == nil { current = latest }
      schedule()
    }
    // It holds the controller, which holds this.
    hasEndedKeeping = true
    latest = nil
  }

  /// Writes what is still waiting, and nothing after it: the last act of a controller that ends. A write that came later
  /// would meet libraries that are being torn down.
  func close() async {
    await flush()
    isClosed = true
    // Each holds the controller, which holds this.
    (current, latest, tell) = (nil, nil, nil)
  }

  /// Writes at once what is still waiting.
  func flush() async {
    while isWriting { await Task.yield() }
    await write()
  }

  private func schedule(after delay: Duration = .zero) {
    guard !isScheduled, !isClosed else { return }
    isScheduled = true
    Task {
      try? await Task.sleep(for: max(delay, pace.delay(at: .now)))
      isScheduled = false
      await write()
    }
  }

  private func write() async {
    // One at a time: asking for what is current suspends, and an older answer must not overwrite a newer one.
    guard let current, !isWriting, !isClosed else { return }
    self.current = nil
    isWriting = true
    let start = ContinuousClock.now
    defer {
      isWriting = false
      pace.worked(from: start, to: .now)
      if self.current != nil { schedule() }
    }
    let sources = await current()
    var snapshot = Snapshot(
      generation: generation + 1, writer: writer, time: Date.now.ISO8601Format(), sources: sources)
    if let published, published.hasSameContent(as: snapshot) {
      hasPublished = true
      return await succeed()
    }
    var bytes = snapshot.encode()
    if bytes.count > Snapshot.maximumLength {
      // What is listed goes before what was.
      logger.error("the snapshot would have \(bytes.count) bytes: metrics that are no longer listed are left out")
      for index in snapshot.sources.indices { snapshot.sources[index].retained = [] }
      bytes = snapshot.encode()
    }
    guard bytes.count <= Snapshot.maximumLength else {
      // The server would refuse it; the next change may make it smaller.
      return await fail("the snapshot would have \(bytes.count) bytes, more than \(Snapshot.maximumLength)", sources)
    }
    do throws(SystemError) {
      identity = try AtomicFile.write(bytes, to: path)
    } catch {
      // Where it fails after the file has been replaced, nobody knows which of the two is there after a crash.
      if FileIdentity(path: path) != identity { published = nil }
      generation = snapshot.generation
      await fail("\(error)", sources)
      if self.current == nil { self.current = current }
      return schedule(after: Self.retryInterval)
    }
    generation = snapshot.generation
    metrics.wroteSnapshot(true)
    metrics.snapshot(generation: snapshot.generation, bytes: bytes.count, age: .zero)
    published = snapshot
    hasPublished = true
    // Of each source on its own: to count those of several sources once would take a table.
    let count = sources.reduce(0) { $0 + $1.metricCount }
    logger.info("snapshot published: generation \(snapshot.generation), \(sources.count) sources, \(count) metrics")
    await succeed()
  }

  /// The file holds what it should.
  private func succeed() async {
    guard lastError != nil else { return }
    lastError = nil
    await tell?(nil)
  }

  private func fail(_ cause: String, _ sources: [RoutedSource]) async {
    metrics.wroteSnapshot(false)
    lastError = cause
    logger.error("cannot write the snapshot, the last one stays in force: \(cause)")
    let known = Dictionary(uniqueKeysWithValues: (published?.sources ?? []).map { ($0.name, $0) })
    let names = sources.filter { known[$0.name] != $0 }.map(\.name)
    await tell?(Unpublished(sources: Set(names), cause: cause))
  }
}

extension Snapshot {
  /// How long ago it was written by the wall clock; zero where that is in the future, or its time cannot be read.
  fileprivate func age(at now: Date) -> Duration {
    guard let written = try? Date(time, strategy: .iso8601) else { return .zero }
    return .seconds(max(0, now.timeIntervalSince(written)))
  }
}
