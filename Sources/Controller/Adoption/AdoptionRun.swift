import Kubernetes
import MetricsAPI
import Routing
import YAML

/// Carries an adoption out, in an order in which every request has somebody to answer it at any time, and takes it back
/// where a step fails.
struct AdoptionRun: Sendable {
  let client: any APIClient
  let plan: AdoptionPlan
  let store: RollbackStore
  let timing: AdoptionTiming
  /// Whether a source may stay without a single metric.
  let allowsUnrouted: Bool
  /// Takes a line at a time.
  let say: @Sendable (String) -> Void

  private var survey: AdoptionSurvey { AdoptionSurvey(client: client, group: plan.group) }
  private var apiServices: APIServiceSwitch { APIServiceSwitch(client: client, timing: timing) }

  func run() async throws(AdoptionError) {
    guard !plan.isDone else { return say("nothing to adopt: all APIServices belong to the router already") }
    if let problem = plan.problems.first { throw AdoptionError("\(problem); nothing was changed") }
    guard plan.findings.sources != nil else {
      throw AdoptionError(
        "the cluster does not know MetricsSources of \(plan.group): apply deploy/all-in-one.yaml first; nothing was changed"
      )
    }
    try await survey.requireRouter(plan.router)
    let adopted = MetricsGroupVersion.allCases.filter { !plan.versions.contains($0) }
    say(
      try store.write(plan.rollback, keeping: adopted) ? "wrote \(store.path)" : "\(store.path) says the same already")
    for source in plan.sources { try await create(source) }
    let names = plan.kept.map(\.name) + plan.sources.map(\.name)
    for name in names { try await awaitRouted(name) }
    try await switchAll()
    say("adopted: to undo it, rollback --apply --rollback-file \(store.path)")
  }

  private func create(_ source: PlannedSource) async throws(AdoptionError) {
    do throws(APIError) {
      _ = try await client.write(.post, survey.sourcesPath, source.document(group: plan.group))
    } catch {
      throw AdoptionError("creating MetricsSource \(source.name): \(error); no APIService was changed")
    }
    say("MetricsSource \(source.name): created")
  }

  /// Waits until the controller has taken the source as it is now into the routing table.
  private func awaitRouted(_ name: String) async throws(AdoptionError) {
    let deadline = ContinuousClock.now + timing.timeout
    while true {
      let source: MetricsSource
      do throws(APIError) {
        source = try await client.get(MetricsSource.self, "\(survey.sourcesPath)/\(name)")
      } catch {
        throw AdoptionError("reading MetricsSource \(name): \(error); no APIService was changed")
      }
      if let report = source.readiness(for: switchedTypes, allowsUnrouted: allowsUnrouted) {
        return say("MetricsSource \(name): \(report)")
      }
      guard ContinuousClock.now < deadline else {
        throw AdoptionError(
          "MetricsSource \(name) is not ready to answer: \(source.trouble(for: switchedTypes)); no APIService was changed"
        )
      }
      do { try await Task.sleep(for: timing.pollInterval) } catch { throw AdoptionError("interrupted") }
    }
  }

  /// The types of metrics that the router is to answer for, and did not so far.
  private var switchedTypes: Set<MetricsSourceSpec.MetricType> {
    Set(plan.versions.map { MetricsSourceSpec.MetricType($0.group) })
  }

  private func switchAll() async throws(AdoptionError) {
    var switched: [MetricsGroupVersion] = []
    for version in plan.versions {
      let name = "APIService \(version.apiServiceName)"
      let owner = plan.findings.states.first { $0.version == version }?.owner ?? .nobody
      do throws(AdoptionError) {
        // A new version must not be preferred before it answers.
        let isNew = owner == .nobody
        // Before it is written: of a write whose answer is lost nobody knows whether it counts.
        switched.append(version)
        try await apiServices.change(version, to: plan.apiService(of: version, isLastChoice: isNew)) {
          $0.owner == owner
        }
        say("\(name): points to \(plan.router)")
        try await apiServices.awaitAvailable(version)
        if isNew {
          try await apiServices.change(version, to: plan.apiService(of: version)) { $0.isOwned(by: plan.router) }
        }
        say("\(name): Available")
      } catch {
        let left = await putBack(switched, after: version)
        throw AdoptionError(
          "\(error); " + (left.isEmpty ? "the APIServices are as they were" : left.joined(separator: "; ")))
      }
    }
  }

  /// Gives those that were switched back to their former owners, the last one first; returns what could not be done.
  private func putBack(_ switched: [MetricsGroupVersion], after failed: MetricsGroupVersion) async -> [String] {
    var left: [String] = []
    // One that answers can wait for a moment; those that do not cannot.
    let retired = switched.filter { $0 != failed && plan.rollback.hasAlternative(to: $0) }
    for version in switched.reversed().filter({ !retired.contains($0) }) + retired {
      do throws(AdoptionError) {
        guard try await apiServices.state(version).isOwned(by: plan.router) else { continue }
        if retired.contains(version) { try await apiServices.retire(version, of: plan.router) }
        try await apiServices.change(version, to: plan.rollback.former[version]) { $0.isOwned(by: plan.router) }
        say("APIService \(version.apiServiceName): put back")
      } catch {
        left.append("it could not be put back, run rollback --apply --rollback-file \(store.path): \(error)")
      }
    }
    return left
  }
}

extension MetricsSource {
  /// What it is ready with, in a few words; nil while it is not, or the status is of an older spec.
  fileprivate func readiness(for types: Set<MetricsSourceSpec.MetricType>, allowsUnrouted: Bool) -> String? {
    guard let status, (status.observedGeneration ?? 0) >= (metadata.generation ?? 0) else { return nil }
    let isSynced = status.synced == true
    let isRouted = status.conditions?.contains { $0.type == "Routed" && $0.status == "True" } == true
    let count = status.metricsCount ?? 0
    let unclaimed = unclaimedTypes(of: types)
    guard allowsUnrouted || unclaimed.allSatisfy({ count > 0 && !hasPlaceholder(for: $0) }) else { return nil }
    if isSynced, count > 0 {
      return "synced, \(count) metrics"
    }
    // What it claims is routed to it whether or not its list can be read.
    if !spec.claims.isEmpty, isSynced || isRouted { return (isSynced ? "synced" : "not synced") + ", claims routed" }
    return isSynced && allowsUnrouted ? "synced, no metrics" : nil
  }

  /// Those of `types` of which only what is listed is routed.
  private func unclaimedTypes(of types: Set<MetricsSourceSpec.MetricType>) -> [MetricsSourceSpec.MetricType] {
    spec.metricTypes.filter { type in types.contains(type) && !spec.claims.contains { $0.reaches(type) } }
  }

  private func hasPlaceholder(for type: MetricsSourceSpec.MetricType) -> Bool {
    let placeholders = (status?.placeholder ?? "").split(separator: ", ")
    return placeholders.contains { ($0 == Placeholder.external) == (type == .externalMetrics) }
  }

  fileprivate func trouble(for types: Set<MetricsSourceSpec.MetricType>) -> String {
    if status?.synced == true, let type = unclaimedTypes(of: types).first(where: hasPlaceholder) {
      return
        "of \(type.rawValue) it lists only a placeholder and claims none: add a claim, as the condition Routed says, or"
        + " give --allow-unrouted"
    }
    // The other conditions repeat these two, or are good news where they are False.
    let messages = (status?.conditions ?? [])
      .filter { ["Synced", "Routed"].contains($0.type) && $0.status != "True" }.map(\.message)
    if messages.isEmpty { return "its status says nothing yet; is the controller running?" }
    return messages.joined(separator: "; ")
  }
}
