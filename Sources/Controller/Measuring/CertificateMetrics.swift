import MetricsAPI
import Synchronization
import TLS
import Telemetry

/// What is told of the serving certificate that this controller looks after, while it leads.
final class CertificateMetrics: Sendable {
  enum Object: String, CaseIterable {
    case secret = "Secret"
    case apiService = "APIService"
  }

  private struct State {
    var ends: [(certificate: String, at: Int64)] = []
    var standings: [MetricsGroupVersion: BundleDecision.Standing] = [:]
  }

  private let state = Mutex(State())
  private let writes: MetricFamily<Counter>

  init(in registry: MetricsRegistry) {
    writes = registry.counter(
      "metrics_router_controller_certificate_writes_total",
      help: "Attempts to write the Secret of the serving certificate, or the caBundle of an APIService.",
      labels: ["object", "result"])
    for object in Object.allCases {
      for result in [true, false] { _ = writes.child(object.rawValue, Self.result(result)) }
    }
    registry.gauge(
      "metrics_router_controller_certificate_expiration_timestamp_seconds",
      help: "When the certificates in the Secret of the serving certificate end, where this replica leads.",
      labels: ["certificate"]
    ) { [weak self] in
      self?.state.withLock { $0.ends }.map { MetricSample(labels: [$0.certificate], value: Double($0.at)) } ?? []
    }
    registry.gauge(
      "metrics_router_controller_api_services",
      help: "APIServices of the metrics APIs, by whether they lead to the router and verify its certificate.",
      labels: ["state"]
    ) { [weak self] in
      guard let standings = self?.state.withLock({ $0.standings }), !standings.isEmpty else { return [] }
      return BundleDecision.Standing.allCases.map { standing in
        MetricSample(labels: [standing.rawValue], value: Double(standings.values.count { $0 == standing }))
      }
    }
  }

  private static func result(_ succeeded: Bool) -> String { succeeded ? "success" : "error" }

  func wrote(_ object: Object, _ succeeded: Bool) { writes.child(object.rawValue, Self.result(succeeded)).add() }

  func tell(_ secret: ServingSecret) {
    let ends = [("authority", secret.authority?.notAfter), ("serving", secret.serving?.notAfter)]
      .compactMap { name, end in end.map { (certificate: name, at: $0) } }
    state.withLock { $0.ends = ends }
  }

  /// Those that could be read.
  func tell(_ standings: [MetricsGroupVersion: BundleDecision.Standing]) { state.withLock { $0.standings = standings } }

  /// Another replica leads, and tells.
  func forget() { state.withLock { $0 = State() } }
}
