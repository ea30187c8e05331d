/// The state of a list and watch (`k8s.io/client-go/tools/cache/reflector.go`), apart from I/O and time: told what
/// happened, it says what to do next. The consumer's store is replaced only when a list is complete.
package struct WatchState<Object: KubernetesResource> {
  /// What is to be done next.
  package enum Step: Equatable, Sendable {
    /// Ask for a page; `resourceVersion` nil leaves the parameter out.
    case list(resourceVersion: String?, continueToken: String?)
    case watch(resourceVersion: String)
  }

  /// How a request or stream ended.
  enum Ending: Equatable {
    /// The server closed a watch at the end of its time.
    case clean
    /// 410, in an answer or an ERROR event: the version asked for is gone.
    case expired
    /// Anything else, with the wait the server asked for.
    case failed(retryAfterSeconds: Int?)
  }

  private enum Phase {
    /// `isFresh`: the first list may come from the API server's cache, one after 410 must be current.
    case listing(isFresh: Bool, continueToken: String?, gathered: [Object])
    case watching(resourceVersion: String)
  }

  private var phase = Phase.listing(isFresh: false, continueToken: nil, gathered: [])

  package init() {}

  package var step: Step {
    switch phase {
    case .listing(_, let token?, _): .list(resourceVersion: nil, continueToken: token)
    case .listing(let isFresh, nil, _): .list(resourceVersion: isFresh ? nil : "0", continueToken: nil)
    case .watching(let version): .watch(resourceVersion: version)
    }
  }

  /// A page of a list; returns the event of a complete list.
  mutating func receive(
    page items: [Object], resourceVersion: String, continueToken: String?
  ) -> WatchEvent<Object>? {
    guard case .listing(let isFresh, _, var gathered) = phase else { return nil }
    gathered += items
    if let continueToken, !continueToken.isEmpty {
      phase = .listing(isFresh: isFresh, continueToken: continueToken, gathered: gathered)
      return nil
    }
    phase = .watching(resourceVersion: resourceVersion)
    return .replaced(gathered)
  }

  /// A line of the watch: the event for the consumer, or how the stream is over.
  mutating func receive(_ line: WatchLine<Object>) -> (event: WatchEvent<Object>?, ending: Ending?) {
    guard case .watching = phase else { return (nil, nil) }
    switch line {
    case .added(let object), .modified(let object):
      advance(to: object.metadata.resourceVersion)
      return (.applied(object), nil)
    case .deleted(let object):
      advance(to: object.metadata.resourceVersion)
      return (.deleted(object), nil)
    case .bookmark(let version):
      advance(to: version)
      return (nil, nil)
    case .error(let status):
      return (nil, status.code == 410 ? .expired : .failed(retryAfterSeconds: status.details?.retryAfterSeconds))
    case .malformed:
      // An event was lost: only a new list tells the truth again.
      return (nil, .expired)
    }
  }

  /// Returns whether to wait before the next step.
  mutating func end(_ ending: Ending) -> Bool {
    switch (ending, phase) {
    case (.clean, .watching): return false
    case (.clean, .listing): return true
    case (.expired, .watching):
      phase = .listing(isFresh: true, continueToken: nil, gathered: [])
      return false
    case (.expired, .listing):
      // A continue token grew too old: begin anew, and do not hurry.
      phase = .listing(isFresh: true, continueToken: nil, gathered: [])
      return true
    case (.failed, .listing(let isFresh, _, _)):
      phase = .listing(isFresh: isFresh, continueToken: nil, gathered: [])
      return true
    case (.failed, .watching): return true
    }
  }

  private mutating func advance(to version: String?) {
    if let version, !version.isEmpty { phase = .watching(resourceVersion: version) }
  }
}

/// What a consumer of a list and watch learns.
package enum WatchEvent<Object: KubernetesResource>: Sendable {
  /// All that there is; what is not among them is gone.
  case replaced([Object])
  case applied(Object)
  case deleted(Object)
}

extension WatchEvent: Equatable where Object: Equatable {}
