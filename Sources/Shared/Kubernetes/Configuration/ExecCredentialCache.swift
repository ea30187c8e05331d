import FoundationEssentials
import Synchronization

/// Runs a credential plugin when there is no credential or it has expired, once however many ask meanwhile.
package final class ExecCredentialCache: Sendable {
  private typealias Run = Task<Result<ExecCredential, ConfigurationError>, Never>

  private enum Step {
    case use(ExecCredential)
    case wait(Run)
  }

  private struct State {
    var credential: ExecCredential?
    var run: Run?
  }

  private let plugin: ExecPlugin
  private let state = Mutex(State())

  init(_ plugin: ExecPlugin) {
    self.plugin = plugin
  }

  func credential() async throws(ConfigurationError) -> ExecCredential {
    let step = state.withLock { state -> Step in
      if let credential = state.credential, credential.expiry.map({ $0 > Date() }) ?? true { return .use(credential) }
      if let run = state.run { return .wait(run) }
      let run = Run {
        let result = await self.plugin.run()
        self.state.withLock { state in
          state.run = nil
          state.credential = try? result.get()
        }
        return result
      }
      state.run = run
      return .wait(run)
    }
    switch step {
    case .use(let credential): return credential
    case .wait(let run): return try await run.value.get()
    }
  }

  func invalidate() { state.withLock { $0.credential = nil } }
}
