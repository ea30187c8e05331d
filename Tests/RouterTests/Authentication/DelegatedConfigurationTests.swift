import Foundation
import Kubernetes
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_server

/// Where the configuration comes from: ConfigMap, flags, files, and what happens when they change.
@Suite struct DelegatedConfigurationTests {
  /// Two authorities, their text, and the parts to put a configuration together from.
  private struct Parts {
    let first: TestAuthority
    let second: TestAuthority
    let holder = DelegatedConfigurationHolder()
    let readiness = Readiness(conditions: ["delegated-authentication"])
    let lines = Lines()

    init() throws {
      first = try TestAuthority("first")
      second = try TestAuthority("second")
    }

    func text(_ authority: TestAuthority) throws -> String {
      String(decoding: try authority.authority.certificatePEM(), as: UTF8.self)
    }

    func sources(_ change: (inout AuthenticationOptions) -> Void = { _ in }) throws -> DelegatedConfigurationSources {
      var options = AuthenticationOptions()
      change(&options)
      return try DelegatedConfigurationSources(
        options, holder: holder, readiness: readiness, logger: Logger(sink: lines))
    }

    var configuration: DelegatedConfiguration? { holder.current?.configuration }
    var isReady: Bool { readiness.isReady }

    func remove() {
      first.remove()
      second.remove()
    }
  }

  private final class Lines: LogSink {
    private let lines = Mutex("")
    func write(_ line: [UInt8]) { lines.withLock { $0 += String(decoding: line, as: UTF8.self) } }
    func flush() {}
    var text: String { lines.withLock { $0 } }
  }

  @Test func `the ConfigMap fills in both parts, and the server is ready then`() throws {
    let parts = try Parts()
    defer { parts.remove() }
    let sources = try parts.sources()
    #expect(sources.looksUp)
    #expect(!parts.isReady)
    sources.replace([
      "client-ca-file": try parts.text(parts.first), "requestheader-client-ca-file": try parts.text(parts.second),
      "requestheader-username-headers": #"["X-Remote-User"]"#, "requestheader-allowed-names": "null",
    ])
    #expect(parts.isReady)
    #expect(parts.configuration?.clientAuthority != nil)
    #expect(parts.configuration?.requestHeader?.usernameHeaders == ["x-remote-user"])
    #expect(parts.configuration?.requestHeader?.allowedNames == [])
  }

  @Test func `a part that cannot be used keeps its last good content, the other one changes`() throws {
    let parts = try Parts()
    defer { parts.remove() }
    let sources = try parts.sources()
    var data = [
      "client-ca-file": try parts.text(parts.first), "requestheader-client-ca-file": try parts.text(parts.second),
      "requestheader-allowed-names": #"["a"]"#,
    ]
    sources.replace(data)
    let before = try #require(parts.configuration?.clientAuthority)
    data["client-ca-file"] = "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n"
    data["requestheader-allowed-names"] = #"["b"]"#
    sources.replace(data)
    #expect(parts.configuration?.clientAuthority === before)
    #expect(parts.configuration?.requestHeader?.allowedNames == ["b"])
    #expect(parts.lines.text.contains("client-ca-file"))
    data["requestheader-allowed-names"] = "b"
    sources.replace(data)
    #expect(parts.configuration?.requestHeader?.allowedNames == ["b"])
    #expect(parts.isReady)
  }

  @Test func `a first content that cannot be used leaves the server not ready`() throws {
    let parts = try Parts()
    defer { parts.remove() }
    let sources = try parts.sources()
    sources.replace(["client-ca-file": "nonsense"])
    #expect(!parts.isReady)
    sources.replace(["client-ca-file": try parts.text(parts.first)])
    #expect(parts.isReady)
  }

  @Test func `a ConfigMap that is gone is no longer trusted`() throws {
    let parts = try Parts()
    defer { parts.remove() }
    let sources = try parts.sources()
    sources.replace([
      "client-ca-file": try parts.text(parts.first), "requestheader-client-ca-file": try parts.text(parts.second),
    ])
    sources.replace(nil)
    #expect(parts.configuration?.clientAuthority == nil)
    #expect(parts.configuration?.requestHeader == nil)
    #expect(parts.isReady)
    #expect(parts.lines.text.contains("is missing"))
  }

  @Test func `the same content again changes nothing, so that no verdict is made anew`() throws {
    let parts = try Parts()
    defer { parts.remove() }
    let sources = try parts.sources()
    sources.replace(["client-ca-file": try parts.text(parts.first)])
    let version = parts.holder.current
    sources.replace(["client-ca-file": try parts.text(parts.first)])
    #expect(parts.holder.current === version)
  }

  @Test func `a file that a flag names wins over the ConfigMap, which fills in what is missing`() throws {
    let parts = try Parts()
    defer { parts.remove() }
    let sources = try parts.sources { $0.clientAuthorityFile = parts.first.authority.certificate.path() }
    let authority = try #require(parts.configuration?.clientAuthority)
    #expect(sources.looksUp)
    #expect(!parts.isReady)
    sources.replace([
      "client-ca-file": try parts.text(parts.second), "requestheader-client-ca-file": try parts.text(parts.second),
      "requestheader-allowed-names": #"["cluster"]"#,
    ])
    #expect(parts.configuration?.clientAuthority === authority)
    #expect(parts.configuration?.requestHeader?.allowedNames == ["cluster"])
    #expect(parts.isReady)
  }

  @Test func `with a file for front proxies all that concerns them comes from flags`() throws {
    let parts = try Parts()
    defer { parts.remove() }
    let sources = try parts.sources {
      $0.requestHeaderAuthorityFile = parts.second.authority.certificate.path()
      $0.requestHeader.allowedNames = ["flag"]
      $0.requestHeader.usernameHeaders = ["X-Flag-User"]
    }
    sources.replace([
      "client-ca-file": try parts.text(parts.first), "requestheader-client-ca-file": try parts.text(parts.second),
      "requestheader-allowed-names": #"["cluster"]"#,
    ])
    #expect(parts.configuration?.requestHeader?.allowedNames == ["flag"])
    #expect(parts.configuration?.requestHeader?.usernameHeaders == ["x-flag-user"])
    #expect(parts.configuration?.requestHeader?.groupHeaders == ["x-remote-group"])
    #expect(parts.configuration?.clientAuthority != nil)
  }

  @Test func `with both files, or without looking up, the server is ready at once`() throws {
    let parts = try Parts()
    defer { parts.remove() }
    let both = try parts.sources {
      $0.clientAuthorityFile = parts.first.authority.certificate.path()
      $0.requestHeaderAuthorityFile = parts.second.authority.certificate.path()
    }
    #expect(!both.looksUp)
    #expect(parts.isReady)
    let skipping = try Parts()
    defer { skipping.remove() }
    #expect(try !skipping.sources { $0.skipsLookup = true }.looksUp)
    #expect(skipping.isReady)
    let tolerant = try Parts()
    defer { tolerant.remove() }
    #expect(try tolerant.sources { $0.toleratesLookupFailure = true }.looksUp)
    #expect(tolerant.isReady)
  }

  @Test func `a server does not start with a file that it cannot use`() throws {
    let parts = try Parts()
    defer { parts.remove() }
    let error = #expect(throws: StartError.self) {
      try parts.sources { $0.clientAuthorityFile = "/nonexistent/ca.crt" }
    }
    #expect(error?.description.contains("/nonexistent/ca.crt") == true)
    #expect(throws: StartError.self) {
      try parts.sources { $0.requestHeaderAuthorityFile = parts.first.authority.key.path() }
    }
  }

  @Test func `a file is read again when it changes, and a broken one changes nothing`() async throws {
    let parts = try Parts()
    defer { parts.remove() }
    let file = parts.first.folder.appending(path: "ca-bundle.crt")
    func install(_ text: String) throws {
      let fresh = file.appendingPathExtension("new")
      try text.write(to: fresh, atomically: false, encoding: .utf8)
      #expect(rename(fresh.path(), file.path()) == 0)
    }
    try install(try parts.text(parts.first))
    let sources = try parts.sources {
      $0.clientAuthorityFile = file.path()
      $0.requestHeaderAuthorityFile = file.path()
    }
    let watching = Task { await sources.watchFiles() }
    defer { watching.cancel() }
    // Until the folder is watched a change may go unnoticed.
    try await Task.sleep(for: .milliseconds(200))
    let (client, proxies) = (parts.configuration?.clientAuthority, parts.configuration?.requestHeader?.authority)
    try install("nonsense")
    #expect(await eventually { parts.lines.text.contains("stays in force") })
    #expect(parts.configuration?.clientAuthority === client)
    try install(try parts.text(parts.second))
    #expect(
      await eventually {
        parts.configuration?.clientAuthority !== client && parts.configuration?.requestHeader?.authority !== proxies
      })
  }

  /// Lists one ConfigMap, then says what happens to it.
  private final class ConfigMapServer: APIClient {
    let (changes, said) = AsyncThrowingStream.makeStream(of: [UInt8].self, throwing: (any Error).self)
    private let first: String

    init(_ data: [String: String]) throws { first = try Self.object(data, version: 1) }

    func say(_ type: String, _ data: [String: String], version: Int) throws {
      said.yield(Array(#"{"type":"\#(type)","object":\#(try Self.object(data, version: version))}"#.utf8) + [0x0a])
    }

    private static func object(_ data: [String: String], version: Int) throws -> String {
      let json = String(decoding: try JSONEncoder().encode(data), as: UTF8.self)
      return
        #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"extension-apiserver-authentication","namespace":"kube-system","resourceVersion":"\#(version)"},"data":\#(json)}"#
    }

    func send(_ request: APIRequest) async throws(TransportError) -> APIResponse {
      let list = #"{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[\#(first)]}"#
      return APIResponse(status: 200, body: Array(list.utf8))
    }

    func open(_ request: APIRequest) async throws(TransportError) -> APIStream {
      APIStream(status: 200, body: changes)
    }
  }

  @Test func `what the ConfigMap says is followed`() async throws {
    let parts = try Parts()
    defer { parts.remove() }
    var data = ["client-ca-file": try parts.text(parts.first)]
    let server = try ConfigMapServer(data)
    let watch = DelegatedConfigurationWatch(
      client: server, sources: try parts.sources(), logger: Logger(sink: parts.lines))
    let watching = Task { await watch.run() }
    defer { watching.cancel() }
    #expect(await eventually { parts.isReady })
    #expect(parts.configuration?.clientAuthority != nil)
    data["requestheader-client-ca-file"] = try parts.text(parts.second)
    try server.say("MODIFIED", data, version: 2)
    #expect(await eventually { parts.configuration?.requestHeader != nil })
    try server.say("DELETED", data, version: 3)
    #expect(await eventually { parts.configuration?.clientAuthority == nil })
    try server.say("ADDED", data, version: 4)
    #expect(await eventually { parts.configuration?.clientAuthority != nil })
  }
}
