import Options
import Testing

@testable import metrics_router_controller

@Suite struct LeaderElectionOptionsTests {
  private func options(_ arguments: String...) throws -> LeaderElectionOptions {
    guard case .run(let options) = try ControllerOptions.parse(arguments) else {
      throw OptionsError.unexpectedArgument("no run")
    }
    return options.leaderElection
  }

  private func refusal(_ arguments: String...) -> String {
    do {
      _ = try ControllerOptions.parse(arguments)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func `the defaults are those of Kubernetes' own components`() throws {
    let options = try options()
    #expect(options.isEnabled)
    #expect(options.timing == .init(leaseDuration: .seconds(15), renewDeadline: .seconds(10), retryPeriod: .seconds(2)))
    #expect(options.name == "metrics-router")
    #expect(options.namespace == nil)
    #expect(try self.options("--leader-elect=false").isEnabled == false)
  }

  @Test func `durations that do not fit each other are refused with the reason`() {
    #expect(refusal("--leader-elect-lease-duration=1500ms").contains("whole seconds"))
    #expect(
      refusal("--leader-elect-lease-duration=10s").contains(
        #""10s" for --leader-elect-renew-deadline: expected less than --leader-elect-lease-duration (10s)"#))
    #expect(
      refusal("--leader-elect-retry-period=9s").contains(
        #""9s" for --leader-elect-retry-period: expected less than --leader-elect-renew-deadline (10s) divided by 1.2"#)
    )
    #expect(refusal("--leader-elect-retry-period=8s").isEmpty)
  }

  @Test func `the lease lies where the flag says, else where the pod or the context is`() throws {
    #expect("\(try options().candidacy(inherited: "here"))" == "here/metrics-router")
    for wrong in ["--leader-elect-resource-name=metrics_router", "--leader-elect-resource-namespace=a.b"] {
      #expect(throws: OptionsError.self) { try options(wrong) }
    }
    let given = try options("--leader-elect-resource-namespace=there", "--leader-elect-resource-name=lock")
    #expect("\(try given.candidacy(inherited: "here"))" == "there/lock")
    #expect(throws: StartError.self) { try options().candidacy(inherited: nil) }
    #expect(throws: StartError.self) { try options().candidacy(inherited: "") }
    do {
      _ = try options().candidacy(inherited: nil)
    } catch {
      #expect("\(error)".contains("give --leader-elect-resource-namespace"))
    }
  }

  @Test func `no two processes have the same identity, and each tells its host`() throws {
    let options = try options()
    let (first, second) = (try options.candidacy(inherited: "ns"), try options.candidacy(inherited: "ns"))
    #expect(first.identity != second.identity)
    #expect(first.identity.wholeMatch(of: /.+_[0-9a-f-]{36}/) != nil)
  }
}
