import Kubernetes
import MetricsAPI
import Routing
import YAML

/// All that an adoption is planned from, as it was found in the cluster.
struct AdoptionFindings: Sendable {
  /// Of all group-versions, in their order.
  var states: [APIServiceState]
  /// The Services that exist of those that the APIServices name, by `namespace/name`.
  var services: [String: Service]
  /// Nil where the cluster does not know the resource.
  var sources: [MetricsSource]?
  /// By what API servers are to verify the router.
  var trust: RouterTrust
}

/// What is to be done so that the router answers in place of those who answer now, as a value apart from doing it.
struct AdoptionPlan: Sendable {
  static let highestPriority = 100
  static let priorityStep = 10

  let router: RouterAddress
  /// The group of the MetricsSource resource.
  let group: String
  let findings: AdoptionFindings
  /// To be created.
  let sources: [PlannedSource]
  /// Those that already lead to a backend, and are left as they are.
  let kept: [MetricsSource]
  /// What is not the router's yet.
  let versions: [MetricsGroupVersion]
  let rollback: RollbackFile
  /// What may undo the adoption later.
  let warnings: [String]
  /// What must be settled before it can be done.
  let problems: [String]

  /// Whether the router answers for everything already.
  var isDone: Bool { versions.isEmpty }

  init(_ findings: AdoptionFindings, router: RouterAddress, group: String) {
    self.router = router
    self.group = group
    self.findings = findings
    let others = findings.states.filter { !$0.isOwned(by: router) }
    versions = others.map(\.version)
    rollback = RollbackFile(others)

    let existing = findings.sources ?? []
    var names = Set(existing.map(\.name))
    var priorities = Set(existing.map(\.spec.priority))
    var (sources, kept, warnings, problems) = ([PlannedSource](), [MetricsSource](), [String](), [String]())
    for use in Self.uses(others, findings.services) {
      let recipe = use.recipe
      warnings += Self.warnings(use, recipe)
      if use.found == nil {
        warnings.append("Service \(use.service.service) does not exist, so that no MetricsSource is made for it")
        continue
      }
      if let source = existing.first(where: { $0.leads(to: use.service) }) {
        kept.append(source)
        problems += Self.problems(source, use)
        continue
      }
      let name = names.contains(use.service.name) ? "\(use.service.namespace)-\(use.service.name)" : use.service.name
      var priority = Self.highestPriority
      while priorities.contains(priority) { priority -= Self.priorityStep }
      warnings += Self.warnings(of: existing, above: priority, use, name)
      names.insert(name)
      priorities.insert(priority)
      let tls = use.tls
      sources.append(
        PlannedSource(
          name: name, priority: priority, metricTypes: use.metricTypes, service: use.service,
          insecureSkipTLSVerify: tls.insecureSkipTLSVerify, caBundle: tls.caBundle,
          claims: recipe?.claims(of: use.metricTypes) ?? [], fallThrough: recipe?.fallThrough ?? [],
          comments: use.comments(recipe)))
    }
    if case .unknown(let problem) = findings.trust, !others.isEmpty { problems.append(problem) }
    for state in others where state.owner == .apiServer {
      problems.append(
        "APIService \(state.version.apiServiceName): the API server answers itself, as for a resource definition of that"
          + " group: remove that definition first")
    }
    (self.sources, self.kept, self.warnings, self.problems) = (sources, kept, warnings, problems)
  }

  /// The router's APIService as it is to be.
  func apiService(of version: MetricsGroupVersion, isLastChoice: Bool = false) -> YAMLValue {
    router.apiService(of: version, caBundle: findings.trust.caBundle, isLastChoice: isLastChoice)
  }

  /// Sources that will answer in place of an adopted one, where they list or claim the same.
  private static func warnings(
    of existing: [MetricsSource], above priority: Int, _ use: BackendUse, _ name: String
  ) -> [String] {
    existing.filter { source in
      source.spec.priority > priority && source.spec.metricTypes.contains { use.metricTypes.contains($0) }
    }.map { source in
      "MetricsSource \(source.name) has a higher priority (\(source.spec.priority)) than \(name) will have (\(priority)):"
        + " what it lists or claims, it answers from then on"
    }
  }

  /// The backends; who answers for custom metrics comes first, and of two of those the one whom autoscalers ask.
  private static func uses(_ states: [APIServiceState], _ services: [String: Service]) -> [BackendUse] {
    var byService: [ServiceAddress: [APIServiceState]] = [:]
    for state in states {
      if case .service(let address) = state.owner { byService[address, default: []].append(state) }
    }
    let preferred = states.filter { $0.version.group == .custom && $0.value?.spec.service != nil }
      .max { left, right in
        (left.value?.spec.versionPriority ?? 0, left.version.version)
          < (right.value?.spec.versionPriority ?? 0, right.version.version)
      }
    func rank(_ states: [APIServiceState]) -> Int {
      if states.contains(where: { $0.version == preferred?.version }) { return 0 }
      return states.contains { $0.version.group == .custom } ? 1 : 2
    }
    return byService.map { BackendUse(service: $0.key, states: $0.value, found: services[$0.key.service]) }
      .sorted { (rank($0.states), $0.service) < (rank($1.states), $1.service) }
  }

  private static func warnings(_ use: BackendUse, _ recipe: AdapterRecipe?) -> [String] {
    let meddling = use.renewedAuthorities(recipe).map { version in
      "\(version.apiServiceName): \(recipe?.name ?? "the adapter") writes its own authority into this APIService, whoever"
        + " made it, by which the router cannot be verified: keep it from that first, as docs/adapters/keda.md says"
    }
    return meddling
      + use.states.flatMap { state in
        state.value.map { ManagingTool.all(of: $0.metadata) }?.map { manager in
          "\(state.version.apiServiceName): \(manager.warning(advice: recipe?.chartAdvice))"
        } ?? []
      }
  }

  /// A source of somebody's own that would leave requests without an answer.
  private static func problems(_ source: MetricsSource, _ use: BackendUse) -> [String] {
    if let problem = source.problem { return ["MetricsSource \(source.name): \(problem)"] }
    return use.metricTypes.filter { !source.spec.metricTypes.contains($0) }.map {
      "MetricsSource \(source.name): spec.metricTypes: add \($0.rawValue), which \(use.service) answers for now"
    }
  }
}

extension MetricsSource {
  /// Whether it routes to that port of that Service; a port by its name may be the one meant.
  fileprivate func leads(to service: ServiceAddress) -> Bool {
    guard malformed == nil, spec.service.namespace == service.namespace, spec.service.name == service.name else {
      return false
    }
    return spec.service.port.number.map { $0 == service.port } ?? true
  }
}
