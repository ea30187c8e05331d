import FoundationEssentials
import Kubernetes
import Routing
import Telemetry

/// What became of an event that was to be told.
enum EventFate: Sendable {
  case told
  /// Too many have been told of its source.
  case suppressed
}

/// Tells the world what happened to a source.
protocol EventReporter: Sendable {
  /// Tells what happened at `time`, and where that fails tries again as often as makes sense. Throws a description of what
  /// went wrong in the end; nobody tries again then.
  func report(_ event: SourceEvent, of source: MetricsSource, at time: Date) async throws(ReportError) -> EventFate
}

/// Creates an Event of the API beside the source that it is about, or counts it on one that says the same.
actor ClusterEventReporter: EventReporter {
  /// How often an event is tried, and how long that takes at most.
  struct Patience: Sendable {
    var attempts = 6
    /// Doubled with each failure.
    var pause = Duration.seconds(1)
    var maximumPause = Duration.seconds(10)
    /// That the API server may ask for by `Retry-After`.
    var maximumRetryAfter = Duration.seconds(30)
    /// For each attempt.
    var timeout = Duration.seconds(10)
  }

  /// What the server made of the event is not looked at.
  private struct Ignored: Decodable {}

  private struct Repetition: Encodable {
    var count: Int?
    var lastTimestamp: String?
    var message: String
  }

  private static let path = "/api/v1/namespaces/\(Event.clusterNamespace)/events"

  private let client: any APIClient
  private let group: String
  private let leadership: Leadership
  private let patience: Patience
  private let start = ContinuousClock.now
  private var correlator = EventCorrelator()

  init(
    client: any APIClient, group: String, leadership: Leadership = .always, patience: Patience = Patience()
  ) {
    self.client = client
    self.group = group
    self.leadership = leadership
    self.patience = patience
  }

  func report(_ event: SourceEvent, of source: MetricsSource, at time: Date) async throws(ReportError) -> EventFate {
    let object = Event.ObjectReference(
      apiVersion: "\(group)/\(MetricsSource.version)", kind: MetricsSource.kind, name: source.name,
      uid: source.metadata.uid, resourceVersion: source.metadata.resourceVersion)
    let body = Event(
      about: object, type: event.severity.rawValue, reason: event.reason.rawValue,
      message: Quotation.of(event.message), reporter: ControllerOptions.program, time: time.ISO8601Format(),
      suffix: .random(in: 0...UInt64.max))
    switch correlator.correlate(body, at: .now - start) {
    case .suppress: return .suppressed
    case .create(let event): try await send(event, isKnown: false)
    case .patch(let event): try await send(event, isKnown: true)
    }
    return .told
  }

  /// The same event until it is there, or not to be had there.
  private func send(_ event: Event, isKnown: Bool) async throws(ReportError) {
    var backoff = Backoff(base: patience.pause, cap: patience.maximumPause)
    var attempts = 0
    while true {
      guard let time = leadership.remaining else { throw Self.failure(event, Leadership.lapsed) }
      do throws(APIError) {
        return try await write(event, isKnown: isKnown, timeout: min(time, patience.timeout))
      } catch {
        attempts += 1
        guard error.isPassing, attempts < patience.attempts else { throw Self.failure(event, "\(error)") }
        let pause = backoff.next(at: .now - start, chance: .random(in: 0.5...1))
        let asked = min(patience.maximumRetryAfter, .seconds(error.retryAfterSeconds ?? 0))
        do { try await Task.sleep(for: max(pause, asked)) } catch { throw Self.failure(event, "cut off") }
      }
    }
  }

  private func write(_ event: Event, isKnown: Bool, timeout: Duration) async throws(APIError) {
    if isKnown, let name = event.metadata.name {
      let repetition = Repetition(count: event.count, lastTimestamp: event.lastTimestamp, message: event.message)
      do throws(APIError) {
        _ = try await client.patch(Ignored.self, "\(Self.path)/\(name)", repetition, timeout: timeout)
        return
      } catch {
        // An API server forgets events after a while, one hour by default; then it is made anew, with its count.
        guard error.code == 404 else { throw error }
      }
    }
    do throws(APIError) {
      _ = try await client.post(Ignored.self, Self.path, event, timeout: timeout)
    } catch {
      // Of an earlier attempt only the answer was lost.
      guard error.code == 409 else { throw error }
    }
  }

  private static func failure(_ event: Event, _ cause: String) -> ReportError {
    ReportError(
      description: "event \(event.reason) of MetricsSource \(event.involvedObject.name): \(cause);"
        + " the event was: \(event.message)")
  }
}

extension APIError {
  /// Whether the same request may do better in a while.
  fileprivate var isPassing: Bool {
    switch self {
    case .transport(let error): error.kind != .cancelled && error.kind != .local
    case .status(let status): [408, 429, 500, 502, 503, 504].contains(status.code ?? 0)
    case .undecodable: false
    }
  }
}

/// Without an API server events go to the log.
struct LogEventReporter: EventReporter {
  let logger: Logger

  func report(_ event: SourceEvent, of source: MetricsSource, at time: Date) async throws(ReportError) -> EventFate {
    let line = "event \(event.reason.rawValue) of \(source.name): \(event.message)"
    switch event.severity {
    case .normal: logger.info(line)
    case .warning: logger.warning(line)
    }
    return .told
  }
}
