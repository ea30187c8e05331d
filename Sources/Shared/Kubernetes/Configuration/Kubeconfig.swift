/// One kubeconfig file as it lies on disk (`k8s.io/client-go/tools/clientcmd/api/v1`); fields not read here are ignored.
struct Kubeconfig: Decodable {
  struct Cluster: Decodable {
    var server: String?
    var tlsServerName: String?
    var insecureSkipTLSVerify: Bool?
    var certificateAuthority: String?
    var certificateAuthorityData: String?
    var proxyURL: String?

    enum CodingKeys: String, CodingKey {
      case server
      case tlsServerName = "tls-server-name"
      case insecureSkipTLSVerify = "insecure-skip-tls-verify"
      case certificateAuthority = "certificate-authority"
      case certificateAuthorityData = "certificate-authority-data"
      case proxyURL = "proxy-url"
    }
  }

  struct User: Decodable {
    var clientCertificate: String?
    var clientCertificateData: String?
    var clientKey: String?
    var clientKeyData: String?
    var token: String?
    var tokenFile: String?
    var username: String?
    var password: String?
    var exec: Exec?
    var impersonated: String?
    var authProvider: Presence?

    enum CodingKeys: String, CodingKey {
      case clientCertificate = "client-certificate"
      case clientCertificateData = "client-certificate-data"
      case clientKey = "client-key"
      case clientKeyData = "client-key-data"
      case token, tokenFile, username, password, exec
      case impersonated = "as"
      case authProvider = "auth-provider"
    }
  }

  struct Exec: Decodable {
    struct Variable: Decodable {
      var name: String
      var value: String
    }

    var apiVersion: String?
    var command: String
    var args: [String]?
    var env: [Variable]?
    var installHint: String?
    var provideClusterInfo: Bool?
    var interactiveMode: String?
  }

  struct Context: Decodable {
    var cluster: String?
    var user: String?
    var namespace: String?
  }

  /// That a field is there, whatever it says.
  struct Presence: Decodable {
    init(from decoder: any Decoder) {}
  }

  struct NamedCluster: Decodable {
    var name: String
    var cluster: Cluster
  }

  struct NamedUser: Decodable {
    var name: String
    var user: User
  }

  struct NamedContext: Decodable {
    var name: String
    var context: Context
  }

  var currentContext: String?
  var clusters: [NamedCluster]?
  var users: [NamedUser]?
  var contexts: [NamedContext]?

  enum CodingKeys: String, CodingKey {
    case currentContext = "current-context"
    case clusters, users, contexts
  }
}
