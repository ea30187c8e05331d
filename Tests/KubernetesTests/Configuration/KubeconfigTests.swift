import Foundation
import Kubernetes
import Testing

struct KubeconfigTests {
  private static let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
  private static let data = Data(pem.utf8).base64EncodedString()
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load(_ text: String) throws -> ClusterConfiguration {
    try ClusterConfiguration.load(kubeconfigFlag: try folder.write("config", text), environment: [:])
  }

  /// A kubeconfig with one of each, its cluster and user as given.
  private func kubeconfig(cluster: String = "{server: 'https://h:1'}", user: String = "{}") -> String {
    """
    apiVersion: v1
    kind: Config
    preferences: {}
    current-context: c
    contexts: [{name: c, context: {cluster: k, user: u, namespace: n, extensions: [{name: x, extension: 1}]}}]
    clusters: [{name: k, cluster: \(cluster)}]
    users: [{name: u, user: \(user)}]
    """
  }

  @Test("All fields of a cluster are read, files against the kubeconfig's folder")
  func clusterFields() throws {
    try folder.write("pki/ca.crt", Self.pem)
    let configuration = try load(
      kubeconfig(
        cluster: """
          {server: "https://h:1/prefix/", tls-server-name: api, certificate-authority: pki/ca.crt,
           proxy-url: "http://proxy:3128", extensions: [{name: minikube}]}
          """))
    #expect(configuration.server == "https://h:1/prefix")
    #expect(configuration.tlsServerName == "api")
    #expect(configuration.proxyURL == "http://proxy:3128")
    #expect(configuration.namespace == "n")
    #expect(!configuration.insecureSkipTLSVerify)
    #expect(try configuration.certificateAuthorities?.bytes() == Array(Self.pem.utf8))
    #expect(configuration.description == "https://h:1/prefix (kubeconfig \(folder.path)/config, context \"c\")")
  }

  @Test("Data wins over a file of the same field")
  func dataWins() async throws {
    let configuration = try load(
      kubeconfig(
        cluster: "{server: 'https://h', certificate-authority: /nowhere, certificate-authority-data: \(Self.data)}",
        user: """
          {client-certificate: /nowhere, client-certificate-data: \(Self.data), client-key: /nowhere,
           client-key-data: \(Self.data)}
          """))
    #expect(try configuration.certificateAuthorities?.bytes() == Array(Self.pem.utf8))
    let certificate = try await configuration.credentials.clientCertificate()
    #expect(certificate?.chain == Array(Self.pem.utf8))
    #expect(try await configuration.credentials.authorization() == nil)
  }

  @Test(
    "Users are known by what their entry says",
    arguments: [
      ("{}", nil), ("{token: abc}", "Bearer abc"), ("{tokenFile: token}", "Bearer from-file"),
      ("{token: abc, tokenFile: token}", "Bearer from-file"), ("{token: abc, tokenFile: nowhere}", "Bearer abc"),
      ("{username: me, password: 'a:b'}", "Basic bWU6YTpi"),
    ])
  func users(user: String, expected: String?) async throws {
    try folder.write("token", "from-file\n")
    let configuration = try load(kubeconfig(user: user))
    #expect(try await configuration.credentials.authorization() == expected)
  }

  @Test("Without a user one is anonymous")
  func noUser() async throws {
    let text = "current-context: c\ncontexts: [{name: c, context: {cluster: k}}]\n"
    let configuration = try load(text + "clusters: [{name: k, cluster: {server: http://h}}]\n")
    #expect(try await configuration.credentials.authorization() == nil)
    #expect(try await configuration.credentials.clientCertificate() == nil)
  }

  @Test(
    "Errors name the file, the entry and the field",
    arguments: [
      ("{server: h}", "{}", "cluster \"k\": server: is not a usable URL: it has no scheme"),
      ("{server: 'https://a:b@h'}", "{}", "cluster \"k\": server: is not a usable URL: it holds a user name"),
      (
        "{server: 'https://h:x'}", "{}",
        "cluster \"k\": server: is not a usable URL: its port is not a number from 1 to 65535"
      ),
      ("{}", "{}", "cluster \"k\": server is not set"),
      (
        "{server: 'https://h', certificate-authority-data: '*'}", "{}",
        "cluster \"k\": certificate-authority-data: is not base64"
      ),
      (
        "{server: 'https://h', certificate-authority-data: QUJD}", "{}",
        "cluster \"k\": certificate-authority-data: holds no PEM block"
      ),
      (
        "{server: 'https://h', insecure-skip-tls-verify: true, certificate-authority-data: \(data)}", "{}",
        "cluster \"k\": insecure-skip-tls-verify and a certificate authority exclude each other"
      ),
      (
        "{server: 'https://h', proxy-url: 'ftp://p'}", "{}",
        "cluster \"k\": proxy-url: must begin with http://, https:// or socks5://"
      ),
      (
        "{server: 'https://h'}", "{client-certificate-data: \(data)}",
        "user \"u\": client-certificate is set but client-key is not"
      ),
      ("{server: 'https://h'}", "{username: a, token: secret}", "user \"u\": username and token exclude each other"),
      (
        "{server: 'https://h'}", "{auth-provider: {name: gcp}}",
        "user \"u\": auth-provider: is not supported; use an exec plugin"
      ),
      ("{server: 'https://h'}", "{as: root}", "user \"u\": as: impersonation is not supported"),
      (
        "{server: 'https://h'}", "{exec: {command: c, apiVersion: x/v1}}",
        "user \"u\": exec c: apiVersion x/v1 is not one of client.authentication.k8s.io/v1, client.authentication.k8s.io/v1beta1"
      ),
      (
        "{server: 'https://h'}",
        "{exec: {command: c, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}}",
        "user \"u\": exec c: wants a terminal (interactiveMode Always), and there is none"
      ),
    ])
  func entryErrors(cluster: String, user: String, expected: String) throws {
    try expectError("kubeconfig \(folder.path)/config, \(expected)") {
      try load(kubeconfig(cluster: cluster, user: user))
    }
  }

  @Test(
    "Errors of the file itself say where",
    arguments: [
      ("", ": current-context is not set"),
      ("current-context: c", ": there is no context \"c\""),
      (
        "current-context: c\ncontexts: [{name: c, context: {cluster: k}}]", ", context \"c\": there is no cluster \"k\""
      ),
      ("a: [", ": line 2, column 1: did not find expected node content while parsing a flow node"),
      ("users: [{name: u, user: {token: 1}}]", ": users[0].user.token is not a string"),
      ("a: 1\n---\nb: 2\n", ": holds 2 documents instead of one"),
    ])
  func fileErrors(text: String, expected: String) throws {
    try expectError("kubeconfig \(folder.path)/config\(expected)") { try load(text) }
  }

  @Test("A named file that is missing is an error")
  func missingFile() throws {
    try expectError("\(folder.path)/none: cannot be opened: No such file or directory") {
      try ClusterConfiguration.load(kubeconfigFlag: folder.path + "/none", environment: [:])
    }
  }

  private func expectError(_ text: String, _ body: () throws -> ClusterConfiguration) throws {
    do {
      _ = try body()
      Issue.record("no error")
    } catch {
      #expect("\(error)" == text)
    }
  }
}
