/// An API server reduced to what a watch sees of it: objects, their history, and a history that is forgotten.
struct ModelServer {
  struct Object: Sendable, Equatable {
    var name: String
    var version: Int
  }

  struct Change {
    var version: Int
    var object: Object
    var isDeletion: Bool
  }

  private(set) var version = 1
  private(set) var history: [Change] = []
  /// Watches from before it are refused.
  private(set) var oldest = 1

  mutating func change(_ name: String, isDeletion: Bool) {
    guard !isDeletion || state(at: version)[name] != nil else { return }
    version += 1
    history.append(Change(version: version, object: Object(name: name, version: version), isDeletion: isDeletion))
  }

  mutating func forget() { oldest = version }

  func state(at version: Int) -> [String: Object] {
    var state: [String: Object] = [:]
    for change in history where change.version <= version {
      state[change.object.name] = change.isDeletion ? nil : change.object
    }
    return state
  }

  /// The first change after `version`.
  func change(after version: Int) -> Change? { history.first { $0.version > version } }
}
