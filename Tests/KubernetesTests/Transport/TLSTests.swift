import Kubernetes
import Testing

struct TLSTests {
  private let folder: TemporaryFolder
  private let localhost: TLSServer.Certificate
  private let other: TLSServer.Certificate

  init() async throws {
    folder = try TemporaryFolder()
    localhost = try await TLSServer.Certificate(for: "localhost", in: folder)
    other = try await TLSServer.Certificate(for: "adapter.monitoring.svc", in: folder)
  }

  /// The status of an exchange with the server, or the kind of its failure.
  private func ask(_ server: TLSServer, _ tls: CurlRequest.TLS, connectTo: [String] = []) async throws -> Outcome {
    let transport = try CurlTransport()
    let outcome: Outcome
    do throws(TransportError) {
      let request = CurlRequest("GET", "https://localhost:\(server.port)/", tls: tls, connectTo: connectTo)
      outcome = .status(try await transport.send(request).status)
    } catch {
      outcome = .failure(error.kind)
    }
    await transport.shutdown()
    return outcome
  }

  private enum Outcome: Equatable {
    case status(Int)
    case failure(TransportError.Kind)
  }

  @Test("Only the given authorities are trusted, and without any the system's")
  func authorities() async throws {
    let server = try TLSServer(localhost)
    #expect(try await ask(server, .init(certificateAuthorities: localhost.chain)) == .status(200))
    #expect(try await ask(server, .init(certificateAuthorities: other.chain)) == .failure(.tls))
    #expect(try await ask(server, .init()) == .failure(.tls))
    #expect(try await ask(server, .init(certificateAuthorities: [0x61])) != .status(200))
  }

  @Test("A certificate for another name is refused, unless nothing is to be checked")
  func names() async throws {
    let server = try TLSServer(other)
    #expect(try await ask(server, .init(certificateAuthorities: other.chain)) == .failure(.tls))
    #expect(try await ask(server, .init(verifiesServer: false)) == .status(200))
  }

  @Test("Another server name is asked for and checked instead of the host", arguments: [false, true])
  func serverName(redirected: Bool) async throws {
    let server = try TLSServer(localhost, named: ("adapter.monitoring.svc", other))
    let tls = CurlRequest.TLS(certificateAuthorities: other.chain, serverName: "adapter.monitoring.svc")
    let connectTo = redirected ? ["localhost:\(server.port):127.0.0.1:"] : []
    #expect(try await ask(server, tls, connectTo: connectTo) == .status(200))
    let wrong = CurlRequest.TLS(certificateAuthorities: other.chain, serverName: "somebody.else")
    #expect(try await ask(server, wrong, connectTo: connectTo) == .failure(.tls))
  }

  @Test("A server that asks for a client certificate gets it")
  func clientCertificate() async throws {
    let server = try TLSServer(localhost, clients: other)
    var tls = CurlRequest.TLS(certificateAuthorities: localhost.chain)
    #expect(try await ask(server, tls) != .status(200))
    tls.clientCertificate = ClientCertificate(chain: other.chain, key: other.key)
    #expect(try await ask(server, tls) == .status(200))
  }

  @Test("A key that does not fit its certificate is a local failure")
  func foreignKey() async throws {
    let server = try TLSServer(localhost)
    let certificate = ClientCertificate(chain: other.chain, key: localhost.key)
    let tls = CurlRequest.TLS(certificateAuthorities: localhost.chain, clientCertificate: certificate)
    #expect(try await ask(server, tls) == .failure(.local))
  }

  @Test("Connections are not shared between clients of different trust or identity")
  func separateConnections() async throws {
    let server = try TLSServer(localhost)
    let transport = try CurlTransport()
    let url = "https://localhost:\(server.port)/"
    let trusting = CurlRequest("GET", url, tls: .init(verifiesServer: false))
    #expect(try await transport.send(trusting).status == 200)
    let strict = CurlRequest("GET", url, tls: .init(certificateAuthorities: other.chain))
    await #expect { _ = try await transport.send(strict) } throws: { ($0 as? TransportError)?.kind == .tls }
    await transport.shutdown()
  }
}
