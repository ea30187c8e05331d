import Foundation
import Kubernetes
import Options
import Routing
import Synchronization
import Telemetry

@testable import metrics_router_controller

func base64(_ bytes: [UInt8]) -> [UInt8] { Array(Data(bytes).base64EncodedData()) }

/// MetricsSources as a test hands them out.
struct ScriptedSources: SourceProvider {
  let stream: AsyncStream<WatchEvent<MetricsSource>>
  let continuation: AsyncStream<WatchEvent<MetricsSource>>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream(of: WatchEvent<MetricsSource>.self) }
  func events() -> AsyncStream<WatchEvent<MetricsSource>> { stream }
  func send(_ event: WatchEvent<MetricsSource>) { continuation.yield(event) }
}

/// Remembers the statuses told, and refuses them while it is told to.
final class RecordingReporter: StatusReporter {
  private struct State {
    var isDown = false
    var attempts = 0
    var told: [(name: String, status: MetricsSourceStatus)] = []
  }

  private let state = Mutex(State())

  func report(_ status: MetricsSourceStatus, of source: MetricsSource) async throws(ReportError) {
    let isDown = state.withLock { state in
      state.attempts += 1
      if !state.isDown { state.told.append((source.name, status)) }
      return state.isDown
    }
    if isDown { throw ReportError(description: "the API server is away") }
  }

  func forget(_ name: String) async {}
  func stop() async {}

  func goDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }
  var attempts: Int { state.withLock { $0.attempts } }
  func statuses(of name: String) -> [MetricsSourceStatus] {
    state.withLock { $0.told.filter { $0.name == name }.map(\.status) }
  }
}

/// Remembers the events told.
final class RecordingEventReporter: EventReporter {
  private let told = Mutex<[(name: String, event: SourceEvent)]>([])

  func report(_ event: SourceEvent, of source: MetricsSource, at time: Date) async throws(ReportError) -> EventFate {
    told.withLock { $0.append((source.name, event)) }
    return .told
  }

  func events(of name: String) -> [SourceEvent] { told.withLock { $0.filter { $0.name == name }.map(\.event) } }
}

/// A controller over scripted sources and fake backends, writing into a folder of its own.
struct ControllerFixture {
  let sources = ScriptedSources()
  let reporter = RecordingReporter()
  let eventReporter = RecordingEventReporter()
  let registry = MetricsRegistry()
  let controller: Controller
  let folder: URL
  private let publisher: Publisher
  private let transport: CurlTransport
  private let running: Task<Void, Never>

  struct Lines: LogSink {
    func write(_ line: [UInt8]) {}
    func flush() {}
  }

  static func makeFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "controller-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  /// `connectTo` as of ``FakeBackend``; `folder` is that of a former run, if it goes on from one.
  init(
    connectTo: [String], folder: URL? = nil, client: (any APIClient)? = nil,
    resyncInterval: Duration = .seconds(300), metricRetention: Duration = .seconds(900), isLeading: Bool = true
  ) throws {
    self.folder = try folder ?? Self.makeFolder()
    transport = try CurlTransport()
    let logger = Logger(sink: Lines())
    let metrics = ControllerMetrics(in: registry)
    publisher = Publisher(
      path: self.folder.appending(path: "table.json").path(), writer: "test", metrics: metrics, logger: logger)
    let controller = Controller(
      provider: sources,
      backends: .init(
        ports: PortResolver(client: client, connectTo: connectTo.compactMap { ConnectTo($0) }),
        discovery: BackendDiscovery(
          transport: transport, credentials: nil, defaultAuthority: nil,
          connectTo: connectTo.compactMap { ConnectTo($0) }, userAgent: "test", metrics: metrics)),
      publisher: publisher, reporter: reporter, eventReporter: eventReporter, resyncInterval: resyncInterval,
      retention: Retention(period: metricRetention), concurrentSyncs: 64,
      isLeading: isLeading, metrics: metrics, logger: logger)
    self.controller = controller
    running = Task { await controller.run() }
  }

  /// The snapshot as it lies there now; nil before the first one.
  var snapshot: Snapshot? {
    (try? Data(contentsOf: folder.appending(path: "table.json"))).flatMap { try? Snapshot.decode(Array($0)) }
  }

  func source(_ name: String) -> RoutedSource? { snapshot?.sources.first { $0.name == name } }

  /// Ends the controller; its folder stays for a next one.
  func stop() async {
    running.cancel()
    await controller.stop()
    await publisher.close()
    await transport.shutdown()
  }

  func end() async {
    await stop()
    try? FileManager.default.removeItem(at: folder)
  }
}

extension MetricsRegistry {
  /// What a scrape now tells of a series, as it is written there: `name{label="value"}`; nil where it is not there.
  func scraped(_ series: String) -> Double? {
    let line = String(decoding: render(), as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(series + " ") }
    return line.flatMap { Double($0.dropFirst(series.count + 1)) }
  }
}

func metricsSource(
  _ name: String, _ spec: MetricsSourceSpec, generation: Int64 = 1, uid: String? = nil
) -> MetricsSource {
  var metadata = ObjectMeta(name: name)
  metadata.generation = generation
  metadata.uid = uid ?? name
  return MetricsSource(metadata: metadata, spec: spec)
}
