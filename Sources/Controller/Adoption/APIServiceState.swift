import Kubernetes
import MetricsAPI
import YAML

/// What stands there for one of the group-versions, and who answers for it.
struct APIServiceState: Sendable, Equatable {
  enum Owner: Sendable, Equatable {
    /// There is no APIService.
    case nobody
    /// The API server answers itself, as it does for the groups of resource definitions.
    case apiServer
    case service(ServiceAddress)
  }

  let version: MetricsGroupVersion
  /// As it lies in the API server; nil where there is none.
  let document: YAMLValue?
  /// The same, as far as it is understood.
  let value: APIService?

  /// Throws where the document is no APIService.
  init(_ version: MetricsGroupVersion, _ document: YAMLValue?) throws(AdoptionError) {
    self.version = version
    self.document = document
    do throws(YAMLError) {
      value = try document?.decode(APIService.self)
    } catch {
      throw AdoptionError("APIService \(version.apiServiceName): \(error)")
    }
  }

  var owner: Owner {
    guard let value else { return .nobody }
    guard let service = value.spec.service else { return .apiServer }
    return .service(ServiceAddress(service))
  }

  /// Whether cert-manager writes its `caBundle`.
  var hasInjectedAuthority: Bool {
    value?.metadata.annotations?.keys.contains { $0.hasPrefix("cert-manager.io/inject-") } == true
  }

  func isOwned(by router: RouterAddress) -> Bool {
    value?.spec.leads(toService: router.name, in: router.namespace) ?? false
  }

  /// What has to be written to have it again: without what the server sets, and without the status.
  var restorable: YAMLValue? {
    guard let document, let metadata = document["metadata"], let spec = document["spec"] else { return nil }
    let kept = ["name", "labels", "annotations", "ownerReferences", "finalizers"]
      .compactMap { key in metadata[key].map { (key, $0) } }
    return .object([
      ("apiVersion", .string("apiregistration.k8s.io/v1")), ("kind", .string("APIService")),
      ("metadata", .object(kept)), ("spec", spec),
    ])
  }

  /// `True (Passed): all checks passed`
  var availability: String {
    guard let condition = value?.available else { return "not known yet" }
    let reason = condition.reason.map { " (\($0))" } ?? ""
    return condition.status + reason + (condition.message.map { ": \($0)" } ?? "")
  }
}

extension APIServiceState.Owner: CustomStringConvertible {
  /// `monitoring/prometheus-adapter:443`
  var description: String {
    switch self {
    case .nobody: "nobody"
    case .apiServer: "the API server itself"
    case .service(let address): "\(address)"
    }
  }
}

/// A Service and one of its ports.
struct ServiceAddress: Sendable, Hashable, Comparable, CustomStringConvertible {
  var namespace: String
  var name: String
  var port: Int

  init(namespace: String, name: String, port: Int) {
    self.namespace = namespace
    self.name = name
    self.port = port
  }

  init(_ reference: APIService.ServiceReference) {
    self.init(namespace: reference.namespace, name: reference.name, port: reference.port ?? 443)
  }

  /// `namespace/name`
  var service: String { "\(namespace)/\(name)" }
  var description: String { "\(service):\(port)" }

  static func < (left: ServiceAddress, right: ServiceAddress) -> Bool {
    (left.name, left.namespace, left.port) < (right.name, right.namespace, right.port)
  }
}
