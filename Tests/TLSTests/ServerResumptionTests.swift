import EventLoop
import Foundation
import TestSupport
import Testing

@testable import TLS

@Suite struct ServerResumptionTests {
  /// One context, served on as many loops as asked for.
  private struct Setting {
    let servers: [LoopbackServer]
    let addresses: [SocketAddress]
    let folder: URL

    init(_ context: TLSServerContext? = nil, loops: Int = 1) async throws {
      let context = try context ?? Self.context()
      servers = try (0..<loops).map { _ in try LoopbackServer(context) }
      var addresses: [SocketAddress] = []
      for server in servers { addresses.append(try await server.start()) }
      self.addresses = addresses
      folder = FileManager.default.temporaryDirectory.appending(path: "sessions-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    static func context() throws -> TLSServerContext {
      try TLSServerContext(certificate: try ServingCertificate.selfSigned(names: ["server.test"], days: 1))
    }

    var session: String { folder.appending(path: "session").path() }
    var isSessionKept: Bool { FileManager.default.fileExists(atPath: session) }

    func resumptions(_ index: Int = 0) async -> [Bool] { await servers[index].sightings.map(\.isResumed) }
    func certificates() async -> [Int] { await servers[0].sightings.map(\.clientCertificates) }

    func end() async {
      for server in servers { await server.stop() }
      try? FileManager.default.removeItem(at: folder)
    }
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func `a client without a certificate takes its session up again`(_ version: String) async throws {
    let setting = try await Setting()
    let client = OpenSSLClient(version: version)
    #expect(try await client.visit(setting.addresses[0], "-sess_out", setting.session).contains("New, TLS"))
    #expect(try await client.visit(setting.addresses[0], "-sess_in", setting.session).contains("Reused, TLS"))
    #expect(await setting.resumptions() == [false, true])
    #expect(await setting.certificates() == [0, 0])
    await setting.end()
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func `loops that share a context take up each other's sessions`(_ version: String) async throws {
    let setting = try await Setting(loops: 2)
    let client = OpenSSLClient(version: version)
    _ = try await client.visit(setting.addresses[0], "-sess_out", setting.session)
    _ = try await client.visit(setting.addresses[1], "-sess_in", setting.session)
    #expect(await setting.resumptions(1) == [true])
    await setting.end()
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func `a session of an earlier context costs a whole handshake and no more`(_ version: String) async throws {
    let (earlier, later) = (try await Setting(), try await Setting())
    let client = OpenSSLClient(version: version)
    _ = try await client.visit(earlier.addresses[0], "-sess_out", earlier.session)
    #expect(try await client.visit(later.addresses[0], "-sess_in", earlier.session).contains("New, TLS"))
    #expect(await later.resumptions() == [false])
    await earlier.end()
    await later.end()
  }

  /// The options for a client certificate with an intermediate authority.
  private func identity(_ authority: TestAuthority) throws -> [String] {
    let issued = try authority.issue("/CN=jane")
    return [
      "-cert", issued.certificate.path(), "-key", issued.key.path(), "-cert_chain",
      authority.authority.certificate.path(),
    ]
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func `a client with a certificate shows it and its chain each time`(_ version: String) async throws {
    let root = try TestAuthority("root")
    let authority = try TestAuthority("intermediate", signedBy: root)
    defer {
      root.remove()
      authority.remove()
    }
    let setting = try await Setting()
    let client = OpenSSLClient(version: version, options: try identity(authority))
    _ = try await client.visit(setting.addresses[0], "-sess_out", setting.session)
    // TLS 1.2 has promised a ticket by then.
    #expect(setting.isSessionKept == (version == "-tls1_2"))
    if setting.isSessionKept {
      #expect(try await client.visit(setting.addresses[0], "-sess_in", setting.session).contains("New, TLS"))
      // Who holds the session alone is nobody.
      let other = OpenSSLClient(version: version)
      #expect(try await other.visit(setting.addresses[0], "-sess_in", setting.session).contains("New, TLS"))
      #expect(await setting.certificates() == [2, 2, 0])
    } else {
      _ = try await client.visit(setting.addresses[0])
      #expect(await setting.certificates() == [2, 2])
    }
    #expect(await !setting.resumptions().contains(true))
    await setting.end()
  }

  @Test(arguments: [false, true])
  func `reconnecting at once resumes, without a certificate alone`(_ hasCertificate: Bool) async throws {
    let authority = try TestAuthority("users")
    defer { authority.remove() }
    let setting = try await Setting()
    let client = OpenSSLClient(version: "-tls1_2", options: hasCertificate ? try identity(authority) : [])
    _ = try await client.visit(setting.addresses[0], "-reconnect")
    #expect(await setting.resumptions() == [false] + Array(repeating: !hasCertificate, count: 5))
    await setting.end()
  }

  @Test func `no early data is taken`() async throws {
    let setting = try await Setting()
    let client = OpenSSLClient(version: "-tls1_3")
    let said = try await client.visit(setting.addresses[0], "-sess_out", setting.session)
    #expect(said.contains("Max Early Data: 0"))
    let request = setting.folder.appending(path: "request")
    try Data("GET / HTTP/1.1\r\n\r\n".utf8).write(to: request)
    let second = try await client.visit(
      setting.addresses[0], "-sess_in", setting.session, "-early_data", request.path())
    #expect(!second.contains("Early data was accepted"))
    await setting.end()
  }
}
