import Synchronization

/// Whether the server can do its work, and what keeps it from that. Shared by all workers.
final class Readiness: Sendable {
  private struct State {
    var conditions: [(name: String, isMet: Bool)]
    var isShuttingDown = false
  }

  private let state: Mutex<State>

  /// `conditions`: what must be met once before the server is ready.
  init(conditions: [String]) { state = Mutex(State(conditions: conditions.map { ($0, false) })) }

  func meet(_ name: String) {
    state.withLock { state in
      for index in state.conditions.indices where state.conditions[index].name == name {
        state.conditions[index].isMet = true
      }
    }
  }

  func beginShutdown() { state.withLock { $0.isShuttingDown = true } }

  /// Each check by its name, in the order in which `?verbose` prints them.
  var checks: [(name: String, isMet: Bool)] {
    state.withLock { state in
      [("ping", true)] + state.conditions + [("shutdown", !state.isShuttingDown)]
    }
  }

  var isReady: Bool { checks.allSatisfy(\.isMet) }
}
