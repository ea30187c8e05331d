import Glibc

/// The variables of this process.
package enum Environment {
  /// Nil where the variable is not set; an empty one counts as not set, as in Kubernetes' tools.
  package static func read(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
