import Kubernetes

/// One who keeps an APIService the way it is, as its metadata tells, and so may put it back after an adoption.
enum ManagingTool: Sendable, Hashable {
  case helm(release: String, namespace: String?, chart: String?)
  case argoCD(String)
  case flux(String)
  case operatorLifecycleManager(String)
  case owner(kind: String, name: String)
  /// Whoever says so in `app.kubernetes.io/managed-by`.
  case labelled(String)

  /// All that the metadata names, those that are sure first.
  static func all(of metadata: APIService.Metadata) -> [ManagingTool] {
    let labels = metadata.labels ?? [:]
    let annotations = metadata.annotations ?? [:]
    let managedBy = labels["app.kubernetes.io/managed-by"]
    var managers: [ManagingTool] = []
    if let release = annotations["meta.helm.sh/release-name"] ?? labels["release"],
      annotations["meta.helm.sh/release-name"] != nil || labels["heritage"] != nil || managedBy == "Helm"
    {
      managers.append(
        .helm(
          release: release, namespace: annotations["meta.helm.sh/release-namespace"],
          chart: labels["helm.sh/chart"] ?? labels["chart"]))
    } else if managedBy == "Helm" {
      let release = labels["app.kubernetes.io/instance"] ?? "(its name is not said)"
      managers.append(.helm(release: release, namespace: nil, chart: labels["helm.sh/chart"]))
    }
    if let tracked = annotations["argocd.argoproj.io/tracking-id"] {
      managers.append(.argoCD(String(tracked.prefix { $0 != ":" })))
    } else if let instance = labels["argocd.argoproj.io/instance"] {
      managers.append(.argoCD(instance))
    }
    for kind in ["kustomize", "helm"] {
      guard let name = labels["\(kind).toolkit.fluxcd.io/name"] else { continue }
      let namespace = labels["\(kind).toolkit.fluxcd.io/namespace"].map { "\($0)/" } ?? ""
      managers.append(.flux((kind == "helm" ? "HelmRelease " : "Kustomization ") + namespace + name))
    }
    if let owner = labels["olm.owner"] {
      let namespace = labels["olm.owner.namespace"].map { "\($0)/" } ?? ""
      managers.append(
        .operatorLifecycleManager("\(labels["olm.owner.kind"] ?? "ClusterServiceVersion") \(namespace)\(owner)"))
    }
    for owner in metadata.ownerReferences ?? [] { managers.append(.owner(kind: owner.kind, name: owner.name)) }
    if let managedBy, managedBy != "Helm" { managers.append(.labelled(managedBy)) }
    return managers
  }

  /// The last one who wrote anything but the status: `kubectl-client-side-apply`; nil where the server does not say.
  static func lastWriter(of metadata: APIService.Metadata) -> String? {
    (metadata.managedFields ?? [])
      // The aggregator writes the status, before 1.22 without naming the subresource.
      .filter { $0.subresource == nil && $0.manager != "kube-apiserver" }
      .max { ($0.time ?? "") < ($1.time ?? "") }?.manager
  }

  /// What it does to an APIService that was adopted, and how to keep it from that. `advice` is how its chart is told,
  /// where that is known.
  func warning(advice: String?) -> String {
    let dropping = advice ?? "see that its values or a post-renderer leave the APIService out of it"
    switch self {
    case .helm:
      return "\(self) may put it back at its next upgrade, and deletes it when it is uninstalled: \(dropping)"
    case .argoCD, .flux:
      return "\(self) puts it back at its next sync: take the APIService out of what it applies first"
    case .operatorLifecycleManager:
      return "\(self) puts it back as long as its spec.apiservicedefinitions.owned lists it"
    case .owner, .labelled:
      return "\(self) may put it back: tell it to leave the APIService to others first"
    }
  }
}

extension ManagingTool: CustomStringConvertible {
  var description: String {
    switch self {
    case .helm(let release, let namespace, let chart):
      "Helm release \(release)" + (namespace.map { " in \($0)" } ?? "") + (chart.map { " (chart \($0))" } ?? "")
    case .argoCD(let application): "Argo CD application \(application)"
    case .flux(let object): "Flux \(object)"
    case .operatorLifecycleManager(let owner): "Operator Lifecycle Manager (\(owner))"
    case .owner(let kind, let name): "its owner \(kind) \(name)"
    case .labelled(let name): name
    }
  }
}
