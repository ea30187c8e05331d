import FoundationEssentials
import Kubernetes
import Telemetry

/// Tells the world what happened to a source.
protocol EventReporter: Sendable {
  /// Throws a description of what went wrong; nobody tries again.
  func report(_ event: SourceEvent, of source: MetricsSource) async throws(ReportError)
}

/// Creates an Event of the API, beside the source that it is about.
struct ClusterEventReporter: EventReporter {
  /// What the server made of the event is not looked at.
  private struct Ignored: Decodable {}

  let client: any APIClient
  let group: String
  var leadership = Leadership.always

  func report(_ event: SourceEvent, of source: MetricsSource) async throws(ReportError) {
    guard let time = leadership.remaining else {
      throw ReportError(description: "event \(event.reason) of \(source.name): \(Leadership.lapsed)")
    }
    let object = Event.ObjectReference(
      apiVersion: "\(group)/\(MetricsSource.version)", kind: MetricsSource.kind, name: source.name,
      uid: source.metadata.uid)
    let body = Event(
      about: object, type: event.severity.rawValue, reason: event.reason, message: event.message,
      reporter: ControllerOptions.program, time: Date.now.ISO8601Format(), suffix: .random(in: 0...UInt64.max))
    do throws(APIError) {
      _ = try await client.post(
        Ignored.self, "/api/v1/namespaces/\(Event.clusterNamespace)/events", body, timeout: time)
    } catch {
      throw ReportError(
        description: "event \(event.reason) of MetricsSource \(source.name): \(error); the event was: \(event.message)")
    }
  }
}

/// Without an API server events go to the log.
struct LogEventReporter: EventReporter {
  let logger: Logger

  func report(_ event: SourceEvent, of source: MetricsSource) async throws(ReportError) {
    let line = "event \(event.reason) of \(source.name): \(event.message)"
    switch event.severity {
    case .normal: logger.info(line)
    case .warning: logger.warning(line)
    }
  }
}
