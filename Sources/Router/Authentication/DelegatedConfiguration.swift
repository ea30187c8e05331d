import FoundationEssentials
import TLS

/// What the cluster says about who may speak for users: the content of the ConfigMap
/// `kube-system/extension-apiserver-authentication` (protocol of `k8s.io/apiserver/pkg/server/options/authentication.go`).
/// What it does not say, or no longer, is not trusted.
struct DelegatedConfiguration: Sendable {
  static let namespace = "kube-system"
  static let name = "extension-apiserver-authentication"

  /// Verifies client certificates of users.
  var clientAuthority: TrustStore?
  /// Nil trusts nobody's `X-Remote-*`.
  var requestHeader: RequestHeaderConfiguration?

  init() {}

  /// Reads the ConfigMap's data. Throws for PEM or JSON that cannot be read.
  init(_ data: [String: String]) throws(DelegatedConfigurationError) {
    clientAuthority = try Self.clientAuthority(data)
    requestHeader = try Self.requestHeader(data)
  }

  static func clientAuthority(_ data: [String: String]) throws(DelegatedConfigurationError) -> TrustStore? {
    try authority(data, "client-ca-file")
  }

  static func requestHeader(
    _ data: [String: String]
  ) throws(DelegatedConfigurationError) -> RequestHeaderConfiguration? {
    let authority = try authority(data, "requestheader-client-ca-file")
    let allowedNames = try list(data, "requestheader-allowed-names")
    let usernameHeaders = try list(data, "requestheader-username-headers")
    // Absent before Kubernetes 1.32.
    let uidHeaders = try list(data, "requestheader-uid-headers")
    let groupHeaders = try list(data, "requestheader-group-headers")
    let extraPrefixes = try list(data, "requestheader-extra-headers-prefix")
    guard let authority else { return nil }
    return RequestHeaderConfiguration(
      authority: authority, allowedNames: allowedNames, usernameHeaders: usernameHeaders, uidHeaders: uidHeaders,
      groupHeaders: groupHeaders, extraPrefixes: extraPrefixes)
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
    do {
      // `null` is how Go writes a list that was never set.
      return try JSONDecoder().decode([String]?.self, from: Data(json.utf8)) ?? []
    } catch {
      throw DelegatedConfigurationError(key: key, message: "not a JSON array of strings")
    }
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
