import Foundation
import Kubernetes
import Testing

struct CredentialTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The credentials of a user whose plugin is that shell script; `$1` and `$EXTRA` are set.
  private func plugin(_ script: String, more: String = "") throws -> CredentialSource {
    try folder.write("bin/plugin", "#!/bin/sh\n" + script, mode: 0o700)
    let path = try folder.write(
      "config",
      """
      current-context: c
      contexts: [{name: c, context: {cluster: k, user: u}}]
      clusters: [{name: k, cluster: {server: "https://h", tls-server-name: api}}]
      users:
      - name: u
        user:
          exec:
            apiVersion: client.authentication.k8s.io/v1
            command: bin/plugin
            args: [argument]
            env: [{name: EXTRA, value: extra}, {name: RUNS, value: "\(folder.path)/runs"}]
            interactiveMode: IfAvailable
            \(more)
      """)
    return try ClusterConfiguration.load(
      kubeconfigFlag: path, environment: ["PATH": "/usr/bin:/bin", "INHERITED": "inherited"]
    ).credentials
  }

  private func failure(_ credentials: CredentialSource) async -> String {
    do {
      return "no error, but \(try await credentials.bearerToken() ?? "nothing")"
    } catch {
      return error.description
    }
  }

  private static let start = #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":"#

  @Test("A plugin gets its arguments and environment, and its token is kept until it is refused")
  func token() async throws {
    let credentials = try plugin(
      "echo run >> $RUNS; echo '\(Self.start){\"token\":\"'$1-$EXTRA-$INHERITED-$(wc -l < $RUNS)'\"}}'")
    #expect(try await credentials.authorization() == "Bearer argument-extra-inherited-1")
    #expect(try await credentials.bearerToken() == "argument-extra-inherited-1")
    credentials.invalidate()
    #expect(try await credentials.bearerToken() == "argument-extra-inherited-2")
  }

  @Test("However many ask at the same time, the plugin runs once")
  func singleRun() async throws {
    let credentials = try plugin("echo run >> $RUNS; echo '\(Self.start){\"token\":\"'$(wc -l < $RUNS)'\"}}'")
    try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<20 { group.addTask { try await credentials.bearerToken() } }
      for try await token in group { #expect(token == "1") }
    }
  }

  @Test(
    "An expired credential is asked for again, one that is still good is not",
    arguments: [("2020-01-01T00:00:00Z", "2"), ("2999-01-01T00:00:00.5Z", "1")])
  func expiry(date: String, second: String) async throws {
    let credentials = try plugin(
      """
      echo run >> $RUNS
      echo '\(Self.start){"token":"'$(wc -l < $RUNS)'","expirationTimestamp":"\(date)"}}'
      """)
    #expect(try await credentials.bearerToken() == "1")
    #expect(try await credentials.bearerToken() == second)
  }

  @Test("A plugin may give a client certificate instead of a token")
  func certificate() async throws {
    let credentials = try plugin(
      "echo '\(Self.start){\"clientCertificateData\":\"chain\",\"clientKeyData\":\"key\"}}'")
    #expect(try await credentials.authorization() == nil)
    let expected = ClientCertificate(chain: Array("chain".utf8), key: Array("key".utf8))
    #expect(try await credentials.clientCertificate() == expected)
  }

  @Test(
    "The plugin is told that there is no terminal, and of the cluster where it asks for that", arguments: [true, false])
  func execInfo(withCluster: Bool) async throws {
    let credentials = try plugin(
      "echo \"$KUBERNETES_EXEC_INFO\" > $RUNS; echo '\(Self.start){\"token\":\"t\"}}'",
      more: "provideClusterInfo: \(withCluster)")
    _ = try await credentials.bearerToken()
    let cluster = withCluster ? #""cluster":{"server":"https://h","tls-server-name":"api"},"# : ""
    #expect(
      try String(contentsOfFile: folder.path + "/runs", encoding: .utf8)
        == #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{\#(cluster)"interactive":false}}"#
        + "\n")
  }

  @Test(
    "A plugin that fails is named with what it said, and its output is never shown",
    arguments: [
      ("echo 'log in' >&2; echo secret; exit 3", "failed with exit code 3: log in"),
      ("kill -9 $$", "was ended by signal 9"),
      ("echo secret", "printed no ExecCredential: The given data was not valid JSON."),
      ("echo '{\"kind\":\"Secret\"}'", "printed no ExecCredential"),
      (
        "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"x\"}'",
        "printed x where client.authentication.k8s.io/v1 was asked for"
      ),
      ("echo '\(start){}}'", "printed neither a token nor a certificate"),
      (
        "echo '\(start){\"clientKeyData\":\"secret\"}}'",
        "printed a certificate without its key, or a key without its certificate"
      ),
      (
        "echo '\(start){\"token\":\"secret\",\"expirationTimestamp\":\"soon\"}}'",
        "printed an expirationTimestamp that is not RFC 3339: soon"
      ),
      ("head -c 3000000 /dev/zero", "was killed because it did not end in time, or printed more than 1 MiB"),
    ])
  func failures(script: String, expected: String) async throws {
    #expect(
      await failure(try plugin(script))
        == "kubeconfig \(folder.path)/config, user \"u\": exec bin/plugin: \(expected)")
  }

  @Test("A plugin that is not there is named")
  func missingPlugin() async throws {
    let credentials = try plugin("")
    try FileManager.default.removeItem(atPath: folder.path + "/bin/plugin")
    #expect(await failure(credentials).hasSuffix("exec bin/plugin: cannot be run: No such file or directory"))
  }

  @Test("A token file is read again after a refusal, and its last content outlives the file")
  func tokenFile() async throws {
    let path = try folder.write("token", "one\n")
    let credentials = CredentialSource(.tokenFile(RereadFile(path)))
    #expect(try await credentials.bearerToken() == "one")
    try folder.write("token", "two")
    #expect(try await credentials.bearerToken() == "one")
    credentials.invalidate()
    #expect(try await credentials.bearerToken() == "two")
    try FileManager.default.removeItem(atPath: path)
    credentials.invalidate()
    #expect(try await credentials.bearerToken() == "two")
  }

  @Test("No description shows a secret")
  func descriptions() {
    let secret = "s3cret"
    let certificate = ClientCertificate(chain: Array(secret.utf8), key: Array(secret.utf8))
    let texts: [Any] = [
      CredentialSource(.token(secret)), CredentialSource(.basic(username: "me", password: secret)), certificate,
      ClusterConfiguration(server: "https://h", proxyURL: "http://me:\(secret)@p", credentials: .init(.token(secret))),
    ]
    for text in texts {
      #expect(!"\(text)".contains(secret))
      #expect(!String(reflecting: text).contains(secret))
    }
  }
}
