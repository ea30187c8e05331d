import EventLoop
import FoundationEssentials
import Routing
import Telemetry

/// Writes the snapshot whenever what it holds has changed: a moment after a change, so that many at one time are one
/// write, and again after a while where writing failed. However much changes, most of the time it rests: a large table
/// takes its time, and the sources that have not been asked yet need it.
actor Publisher {
  private static let retryInterval = Duration.seconds(2)

  private let path: String
  private let writer: String
  private let metrics: ControllerMetrics
  private let logger: Logger
  /// What was last written, or found at the start.
  private var published: Snapshot?
  private var current: (@Sendable () async -> [RoutedSource])?
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
    guard let bytes = try? FileContent.read(path, limit: Snapshot.maximumLength) else { return }
    do throws(SnapshotError) {
      let former = try Snapshot.decode(bytes)
      published = former
      metrics.snapshot(generation: former.generation, bytes: bytes.count, age: former.age(at: .now))
    } catch {
      logger.warning("the snapshot of a former run cannot be used: \(path): \(error)")
    }
  }

  /// What a former run had routed.
  var former: [RoutedSource] { published?.sources ?? [] }

  /// Something has changed: the snapshot shall hold what `current` says in a moment.
  func publish(_ current: @escaping @Sendable () async -> [RoutedSource]) {
    self.current = current
    schedule()
  }

  /// Writes what is still waiting, and nothing after it: the last act of a controller that ends. A write that came later
  /// would meet libraries that are being torn down.
  func close() async {
    await flush()
    isClosed = true
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
      generation: (published?.generation ?? 0) + 1, writer: writer, time: Date.now.ISO8601Format(), sources: sources)
    if let published, published.hasSameContent(as: snapshot) {
      hasPublished = true
      return
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
      metrics.wroteSnapshot(false)
      lastError = "the snapshot would have \(bytes.count) bytes, more than \(Snapshot.maximumLength)"
      return logger.error("cannot write the snapshot, the last one stays in force: \(lastError ?? "")")
    }
    do throws(SystemError) {
      try AtomicFile.write(bytes, to: path)
    } catch {
      metrics.wroteSnapshot(false)
      lastError = "\(error)"
      logger.error("cannot write the snapshot, the last one stays in force: \(error)")
      if self.current == nil { self.current = current }
      return schedule(after: Self.retryInterval)
    }
    metrics.wroteSnapshot(true)
    metrics.snapshot(generation: snapshot.generation, bytes: bytes.count, age: .zero)
    published = snapshot
    lastError = nil
    hasPublished = true
    // Of each source on its own: to count those of several sources once would take a table.
    let count = sources.reduce(0) { $0 + $1.metricCount }
    logger.info("snapshot published: generation \(snapshot.generation), \(sources.count) sources, \(count) metrics")
  }
}

extension Snapshot {
  /// How long ago it was written by the wall clock; zero where that is in the future, or its time cannot be read.
  fileprivate func age(at now: Date) -> Duration {
    guard let written = try? Date(time, strategy: .iso8601) else { return .zero }
    return .seconds(max(0, now.timeIntervalSince(written)))
  }
}
