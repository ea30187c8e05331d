import Kubernetes
import MetricsAPI
import YAML

/// The router's own Service, to which the APIServices are pointed.
struct RouterAddress: Sendable, Equatable, CustomStringConvertible {
  var namespace = "metrics-router"
  var name = "metrics-apiserver"
  var port = 443

  /// `namespace/name:port`
  var description: String { "\(namespace)/\(name):\(port)" }

  /// The router's APIService of a group-version, as `deploy/api-service.yaml` has it; or, while it comes or goes, such
  /// that autoscalers ask any other version of the group rather than this one. `caBundle` is in base64; without it, as in
  /// that manifest, the controller writes it.
  func apiService(of version: MetricsGroupVersion, caBundle: String?, isLastChoice: Bool = false) -> YAMLValue {
    // Of the two versions of custom metrics, v1beta2 is the one that the autoscaler is to prefer.
    let priority: Int64 = isLastChoice ? 1 : version == .customV1Beta2 ? 200 : 100
    var spec: [(String, YAMLValue)] = [
      ("group", .string(version.group.rawValue)), ("version", .string(version.version)),
      ("groupPriorityMinimum", .int(100)), ("versionPriority", .int(priority)),
    ]
    if let caBundle { spec.append(("caBundle", .string(caBundle))) }
    spec.append(
      (
        "service",
        .object([
          ("namespace", .string(namespace)), ("name", .string(name)), ("port", .int(Int64(port))),
        ])
      ))
    return .object([
      ("apiVersion", .string("apiregistration.k8s.io/v1")),
      ("kind", .string("APIService")),
      (
        "metadata",
        .object([
          ("name", .string(version.apiServiceName)),
          ("labels", .object([("app.kubernetes.io/name", .string("metrics-router"))])),
        ])
      ),
      ("spec", .object(spec)),
    ])
  }
}

extension MetricsGroupVersion {
  /// The name of its APIService: `v1beta1.custom.metrics.k8s.io`.
  var apiServiceName: String { "\(version).\(group.rawValue)" }

  /// Where the API server keeps its APIService.
  var apiServicePath: String { "\(APIService.path)/\(apiServiceName)" }
}
