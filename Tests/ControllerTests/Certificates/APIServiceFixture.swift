import Foundation
import Kubernetes
import TLS

@testable import metrics_router_controller

/// APIServices as an API server shows them.
enum APIServiceFixture {
  static func spec(
    trusted: [Certificate]? = nil, skips: Bool? = nil,
    service: ObjectName? = ObjectName(namespace: "metrics-router", name: "metrics-apiserver")
  ) -> [String: Any] {
    var spec: [String: Any] = ["versionPriority": 100]
    if let service { spec["service"] = ["namespace": service.namespace, "name": service.name, "port": 443] }
    if let pem = try? trusted?.pem { spec["caBundle"] = Data(pem).base64EncodedString() }
    if let skips { spec["insecureSkipTLSVerify"] = skips }
    return spec
  }

  static func apiService(_ spec: [String: Any]) -> APIService? {
    let object: [String: Any] = [
      "metadata": ["name": "v1beta1.custom.metrics.k8s.io", "resourceVersion": "1"], "spec": spec,
    ]
    return (try? JSONSerialization.data(withJSONObject: object)).flatMap {
      try? JSONDecoder().decode(APIService.self, from: $0)
    }
  }
}
