import COpenSSL
import EventLoop
import Glibc
import Testing

@testable import TLS

@Suite struct ClientResumptionTests {
  enum Version: Int, CaseIterable, Sendable {
    case tls12 = 0x0303
    case tls13 = 0x0304
  }

  private let certificate: ServingCertificate
  private let client: LoopbackClient

  init() throws {
    certificate = try ServingCertificate.selfSigned(names: ["server.test"], days: 30)
    client = try LoopbackClient()
  }

  private func clientContext(_ version: Version, name: String = "server.test") throws -> TLSClientContext {
    let context = try TLSClientContext(trust: .bundle(certificate.certificatePEM), serverName: name)
    SSL_CTX_ctrl(context.pointer, SSL_CTRL_SET_MAX_PROTO_VERSION, version.rawValue, nil)
    return context
  }

  private func start(_ certificate: ServingCertificate) async throws -> (server: LoopbackServer, at: SocketAddress) {
    let server = try LoopbackServer(try TLSServerContext(certificate: certificate))
    return (server, try await server.start())
  }

  @Test(arguments: Version.allCases)
  func `each connection takes up what an earlier one left`(_ version: Version) async throws {
    let (server, address) = try await start(certificate)
    let context = try clientContext(version)
    for visit in 0..<5 { #expect(try await client.visit(address, context).isResumed == (visit > 0)) }
    #expect(await server.sightings.map(\.isResumed) == [false, true, true, true, true])
    await server.stop()
    client.stop()
  }

  @Test func `a ticket of TLS 1_3 is used once, a session of TLS 1_2 again and again`() async throws {
    let (server, address) = try await start(certificate)
    for version in Version.allCases {
      let context = try clientContext(version)
      _ = try await client.visit(address, context)
      #expect(context.sessions.count == 1)
      #expect(context.sessions.take() != nil)
      #expect((context.sessions.take() != nil) == (version == .tls12))
    }
    await server.stop()
    client.stop()
  }

  @Test(arguments: Version.allCases)
  func `a session with one name does not speak for another`(_ version: Version) async throws {
    let (server, address) = try await start(certificate)
    _ = try await client.visit(address, try clientContext(version))
    let other = try clientContext(version, name: "other.test")
    let error = await #expect(throws: TLSError.self) { try await client.visit(address, other) }
    #expect(error?.kind == .verification)
    #expect(other.sessions.count == 0)
    await server.stop()
    client.stop()
  }

  @Test(arguments: Version.allCases)
  func `a server that no longer knows the session is verified as if new`(_ version: Version) async throws {
    let context = try clientContext(version)
    let (before, first) = try await start(certificate)
    _ = try await client.visit(first, context)

    // The same certificate, other keys for tickets.
    let (after, second) = try await start(certificate)
    #expect(try await client.visit(second, context).isResumed == false)
    #expect(try await client.visit(second, context).isResumed)

    let (impostor, third) = try await start(try ServingCertificate.selfSigned(names: ["server.test"], days: 30))
    let error = await #expect(throws: TLSError.self) { try await client.visit(third, context) }
    #expect(error?.kind == .verification)
    #expect(context.sessions.count == 0)
    for server in [before, after, impostor] { await server.stop() }
    client.stop()
  }

  @Test(arguments: Version.allCases)
  func `a session ends with its time, and with its certificate`(_ version: Version) async throws {
    let (server, address) = try await start(certificate)
    let context = try clientContext(version)
    _ = try await client.visit(address, context)
    let session = try #require(context.sessions.take())
    let now = time(nil)
    #expect(session.isUsable(at: now))
    #expect(!session.isUsable(at: now + SSL_SESSION_get_timeout(session.pointer)))
    SSL_SESSION_set_timeout(session.pointer, 365 * 86_400)
    #expect(session.isUsable(at: now + 29 * 86_400))
    #expect(!session.isUsable(at: now + 31 * 86_400))
    await server.stop()
    client.stop()
  }

  @Test func `a few sessions are kept, the newest, and no stale one is given out`() throws {
    let sessions = ClientSessions()
    for _ in 0..<(ClientSessions.limit + 3) {
      let made = try #require(SSL_SESSION_new())
      defer { SSL_SESSION_free(made) }
      sessions.keep(try #require(ClientSession(copying: made)))
    }
    #expect(sessions.count == ClientSessions.limit)
    // These are without a certificate, and so rest upon nothing.
    #expect(sessions.take() == nil)
    #expect(sessions.count == 0)
  }

  @Test(arguments: Version.allCases) func `loops may share a context`(_ version: Version) async throws {
    let (server, address) = try await start(certificate)
    let context = try clientContext(version)
    _ = try await client.visit(address, context)
    let resumed = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let client = try LoopbackClient()
          defer { client.stop() }
          var resumed = 0
          for _ in 0..<25 where try await client.visit(address, context).isResumed { resumed += 1 }
          return resumed
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(resumed > 50)
    #expect(await server.failures.isEmpty)
    await server.stop()
    client.stop()
  }
}
