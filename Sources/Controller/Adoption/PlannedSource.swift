import Kubernetes
import Routing
import YAML

/// A MetricsSource for a backend that owns an APIService now, with comments on how it came about.
struct PlannedSource: Sendable, Equatable {
  /// On every source that an adoption has made, so that a rollback can tell them from others.
  static let label = "metricsrouter.io/adopted"

  let name: String
  let priority: Int
  let metricTypes: [MetricsSourceSpec.MetricType]
  let service: ServiceAddress
  let insecureSkipTLSVerify: Bool
  let caBundle: String?
  let claims: [Claim]
  let fallThrough: [FallThrough]
  let comments: [String]

  /// The manifest, with no more fields than are needed.
  func document(group: String) -> YAMLValue {
    var spec: [(String, YAMLValue)] = [
      ("priority", .int(Int64(priority))),
      ("metricTypes", .strings(metricTypes.map(\.rawValue))),
      (
        "service",
        .object([
          ("namespace", .string(service.namespace)), ("name", .string(service.name)),
          ("port", .object([("number", .int(Int64(service.port)))])),
        ])
      ),
    ]
    if insecureSkipTLSVerify { spec.append(("insecureSkipTLSVerify", .bool(true))) }
    if let caBundle { spec.append(("caBundle", .string(caBundle))) }
    if !claims.isEmpty { spec.append(("claims", .sequence(claims.map(\.manifest)))) }
    if !fallThrough.isEmpty { spec.append(("fallThrough", .strings(fallThrough.map(\.rawValue)))) }
    return .object([
      ("apiVersion", .string("\(group)/\(MetricsSource.version)")), ("kind", .string("MetricsSource")),
      (
        "metadata",
        .object([("name", .string(name)), ("labels", .object([(Self.label, .string("true"))]))])
      ),
      ("spec", .object(spec)),
    ])
  }
}
