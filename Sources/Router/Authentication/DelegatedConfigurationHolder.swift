import Synchronization

/// The configuration in force. Each change makes a new object, so that a worker sees by its identity that what it has
/// concluded from the former one no longer holds.
final class DelegatedConfigurationHolder: Sendable {
  final class Version: Sendable {
    let configuration: DelegatedConfiguration
    init(_ configuration: DelegatedConfiguration) { self.configuration = configuration }
  }

  private let version = Mutex<Version?>(nil)

  var current: Version? { version.withLock { $0 } }
  func replace(_ configuration: DelegatedConfiguration) { version.withLock { $0 = Version(configuration) } }
}
