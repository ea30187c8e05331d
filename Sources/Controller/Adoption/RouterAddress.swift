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

  func owns(_ service: APIService.ServiceReference) -> Bool { service.namespace == namespace && service.name == name }

  /// The router's APIService of a group-version, as `deploy/api-service.yaml` has it.
  func apiService(of version: MetricsGroupVersion) -> YAMLValue {
    .object([
      ("apiVersion", .string("apiregistration.k8s.io/v1")),
      ("kind", .string("APIService")),
      (
        "metadata",
        .object([
          ("name", .string(version.apiServiceName)),
          ("labels", .object([("app.kubernetes.io/name", .string("metrics-router"))])),
        ])
      ),
      (
        "spec",
        .object([
          ("group", .string(version.group.rawValue)),
          ("version", .string(version.version)),
          ("groupPriorityMinimum", .int(100)),
          // Of the two versions of custom metrics, v1beta2 is the one that the autoscaler is to prefer.
          ("versionPriority", .int(version == .customV1Beta2 ? 200 : 100)),
          // The router signs its own certificate at each start.
          ("insecureSkipTLSVerify", .bool(true)),
          (
            "service",
            .object([
              ("namespace", .string(namespace)), ("name", .string(name)), ("port", .int(Int64(port))),
            ])
          ),
        ])
      ),
    ])
  }
}

extension MetricsGroupVersion {
  /// The name of its APIService: `v1beta1.custom.metrics.k8s.io`.
  var apiServiceName: String { "\(version).\(group.rawValue)" }

  /// Where the API server keeps its APIService.
  var apiServicePath: String { "\(APIService.path)/\(apiServiceName)" }
}
