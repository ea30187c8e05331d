import Kubernetes
import MetricsAPI
import YAML

/// Carries a rollback out. What fails for one APIService keeps no other one from being restored.
struct RollbackRun: Sendable {
  let client: any APIClient
  let file: RollbackFile
  let router: RouterAddress
  /// The group of the MetricsSource resource.
  let group: String
  let timing: AdoptionTiming
  let isForced: Bool
  let deletesSources: Bool
  /// Takes a line at a time.
  let say: @Sendable (String) -> Void

  private var apiServices: APIServiceSwitch { APIServiceSwitch(client: client, timing: timing) }
  private var survey: AdoptionSurvey { AdoptionSurvey(client: client, group: group) }

  func plan() async throws(AdoptionError) -> RollbackPlan {
    try RollbackPlan(file, try await apiServices.states(), router: router, isForced: isForced)
  }

  /// What would be done; throws where something is refused.
  func describe() async throws(AdoptionError) {
    let plan = try await plan()
    say(String(try plan.text().dropLast()))
    if deletesSources {
      for source in try await adoptedSources() { say("MetricsSource \(source.name): would be deleted") }
    }
    guard plan.refusals.isEmpty else { throw AdoptionError("not all of it can be done") }
    say("nothing has been changed: --apply does it")
  }

  func run() async throws(AdoptionError) {
    let plan = try await plan()
    if !plan.refusals.isEmpty {
      throw AdoptionError(plan.refusals.joined(separator: "; ") + "; nothing was changed")
    }
    var troubles: [String] = []
    var restored: [MetricsGroupVersion] = []
    var failed: Set<MetricsGroup> = []
    // Those to be deleted come last: until then they answer whoever still asks for them.
    let deletions = plan.steps.filter { $0.step == .delete }
    for (version, step) in plan.steps.filter({ $0.step != .delete }) {
      do throws(AdoptionError) {
        if try await perform(step, version) { restored.append(version) }
      } catch {
        failed.insert(version.group)
        troubles.append("\(error)")
      }
    }
    for version in restored {
      do throws(AdoptionError) {
        try await apiServices.awaitAvailable(version)
        say("APIService \(version.apiServiceName): Available")
      } catch {
        failed.insert(version.group)
        troubles.append("\(error)")
      }
    }
    for (version, _) in deletions {
      guard !failed.contains(version.group) else {
        troubles.append("APIService \(version.apiServiceName) is left, since it may be the only one that answers")
        continue
      }
      do throws(AdoptionError) {
        try await delete(version)
      } catch {
        troubles.append("\(error)")
      }
    }
    if !troubles.isEmpty { throw AdoptionError(troubles.joined(separator: "; ")) }
    if deletesSources { try await deleteSources() }
    say("rolled back")
  }

  /// Returns whether somebody else answers now, for whom there is something to wait.
  private func perform(_ step: RollbackPlan.Step, _ version: MetricsGroupVersion) async throws(AdoptionError) -> Bool {
    let name = "APIService \(version.apiServiceName)"
    switch step {
    case .nothing, .refused, .delete:
      say("\(name): is as it was")
      return false
    case .restore(let document):
      let former = try APIServiceState(version, document).owner
      try await apiServices.change(version, to: document) { mayBeTaken($0) || $0.owner == former }
      say("\(name): given back to \(former)")
      return true
    }
  }

  private func delete(_ version: MetricsGroupVersion) async throws(AdoptionError) {
    let state = try await apiServices.state(version)
    if state.isOwned(by: router), file.hasAlternative(to: version) {
      say("APIService \(version.apiServiceName): to be deleted when autoscalers ask for another version")
      try await apiServices.retire(version, of: router)
    }
    try await apiServices.change(version, to: nil) { mayBeTaken($0) }
    say("APIService \(version.apiServiceName): deleted")
  }

  private func mayBeTaken(_ state: APIServiceState) -> Bool {
    isForced || state.owner == .nobody || state.isOwned(by: router)
  }

  private func adoptedSources() async throws(AdoptionError) -> [MetricsSource] {
    try await survey.sources(selector: "\(PlannedSource.label)=true") ?? []
  }

  private func deleteSources() async throws(AdoptionError) {
    if let kept = try await apiServices.states().first(where: { $0.isOwned(by: router) }) {
      throw AdoptionError(
        "the MetricsSources stay, since APIService \(kept.version.apiServiceName) still points to the router")
    }
    for source in try await adoptedSources() {
      do throws(APIError) {
        try await client.delete("\(survey.sourcesPath)/\(source.name)")
        say("MetricsSource \(source.name): deleted")
      } catch {
        throw AdoptionError("deleting MetricsSource \(source.name): \(error)")
      }
    }
  }
}
