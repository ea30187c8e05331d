import Kubernetes
import Options

/// `adopt` and `rollback`, from the flags to the last line that is printed.
struct AdoptionCommands: Sendable {
  let options: AdoptionOptions
  /// The group of the MetricsSource resource.
  let group: String
  let client: any APIClient
  /// Takes whole lines, with their ends.
  let output: @Sendable (String) -> Void

  private var say: @Sendable (String) -> Void { { [output] in output($0 + "\n") } }
  private var store: RollbackStore { RollbackStore(path: options.rollbackFile, mayOverwrite: options.mayOverwrite) }

  func adopt() async throws(AdoptionError) {
    let findings = try await AdoptionSurvey(client: client, group: group).findings(trusting: options.authority)
    let plan = AdoptionPlan(findings, router: options.router, group: group)
    if options.applies {
      for note in plan.notes where !note.isEmpty { say(note) }
      return try await AdoptionRun(
        client: client, plan: plan, store: store, timing: options.timing, allowsUnrouted: options.allowsUnrouted,
        say: say
      ).run()
    }
    output(try plan.text(rollbackPath: options.rollbackFile))
    if !options.isRollbackFileDefault, !plan.isDone { try store.write(plan.rollback) }
    if !plan.problems.isEmpty { throw AdoptionError(plan.problems.joined(separator: "; ")) }
  }

  func rollback() async throws(AdoptionError) {
    let run = RollbackRun(
      client: client, file: try store.read(), router: options.router, group: group, timing: options.timing,
      isForced: options.isForced, deletesSources: options.deletesSources, say: say)
    if options.applies { try await run.run() } else { try await run.describe() }
  }
}
