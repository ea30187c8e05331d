import FoundationEssentials
import Synchronization
import TLS

/// What the cluster says about who may speak for users: the content of the ConfigMap
/// `kube-system/extension-apiserver-authentication` (protocol of `k8s.io/apiserver/pkg/server/options/authentication.go`).
struct DelegatedConfiguration: Sendable {
  static let namespace = "kube-system"
  static let name = "extension-apiserver-authentication"

  /// Verifies client certificates of users.
  var clientAuthority: TrustStore?
  /// Verifies the front proxy; nil trusts nobody's `X-Remote-*`.
  var requestHeaderAuthority: TrustStore?
  /// Common names a front proxy may have; empty allows any.
  var allowedNames: [String] = []
  /// Lower case.
  var usernameHeaders: [String] = []
  var groupHeaders: [String] = []
  var uidHeaders: [String] = []
  var extraPrefixes: [String] = []

  /// Reads the ConfigMap's data. Throws for PEM or JSON that cannot be read; what is absent is not trusted.
  init(_ data: [String: String]) throws(DelegatedConfigurationError) {
    clientAuthority = try Self.authority(data, "client-ca-file")
    requestHeaderAuthority = try Self.authority(data, "requestheader-client-ca-file")
    allowedNames = try Self.list(data, "requestheader-allowed-names")
    usernameHeaders = try Self.list(data, "requestheader-username-headers").map { $0.lowercased() }
    groupHeaders = try Self.list(data, "requestheader-group-headers").map { $0.lowercased() }
    uidHeaders = try Self.list(data, "requestheader-uid-headers").map { $0.lowercased() }
    extraPrefixes = try Self.list(data, "requestheader-extra-headers-prefix").map { $0.lowercased() }
  }

  private static func authority(
    _ data: [String: String], _ key: String
  ) throws(DelegatedConfigurationError) -> TrustStore? {
    guard let pem = data[key], !pem.isEmpty else { return nil }
    do throws(TLSError) {
      return try TrustStore(pem: Array(pem.utf8), name: key)
    } catch {
      throw DelegatedConfigurationError(key: key, message: error.message)
    }
  }

  private static func list(_ data: [String: String], _ key: String) throws(DelegatedConfigurationError) -> [String] {
    guard let json = data[key], !json.isEmpty else { return [] }
    guard let list = try? JSONDecoder().decode([String].self, from: Data(json.utf8)) else {
      throw DelegatedConfigurationError(key: key, message: "not a JSON array of strings")
    }
    return list
  }
}

/// An entry of the ConfigMap that cannot be used. The last good configuration stays.
struct DelegatedConfigurationError: Error, Equatable, CustomStringConvertible {
  var key: String
  var message: String
  var description: String {
    "ConfigMap \(DelegatedConfiguration.namespace)/\(DelegatedConfiguration.name): \(key): \(message)"
  }
}

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
