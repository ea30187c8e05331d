/// The way to an API server, or a credential for it, cannot be had. Never holds a secret.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Which input failed: a file, and within it a context, cluster or user.
  package var source: String
  package var problem: String

  package init(_ source: String, _ problem: String) {
    self.source = source
    self.problem = problem
  }

  package var description: String { "\(source): \(problem)" }
}
