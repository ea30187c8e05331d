import TestSupport
import Testing

@testable import TLS

@Suite struct NameVerificationTests {
  /// Whether a client that looks for `name` accepts a server that a trusted authority certifies as described.
  private func isAccepted(_ name: String, subject: String, names: [String]) async throws -> Bool {
    let authority = try TestAuthority("servers")
    defer { authority.remove() }
    let issued = try authority.issue(subject, usage: "serverAuth", names: names)
    let certificate = try ServingCertificate(
      certificatePEM: try issued.certificatePEM(), keyPEM: try issued.keyPEM(), name: "server")
    let server = try LoopbackServer(try TLSServerContext(certificate: certificate))
    let client = try LoopbackClient()
    let address = try await server.start()
    let context = try TLSClientContext(
      trust: .bundle(try authority.authority.certificatePEM()), serverName: name)
    let result: Result<Sighting, any Error>
    do {
      result = .success(try await client.visit(address, context))
    } catch {
      #expect((error as? TLSError)?.kind == .verification)
      result = .failure(error)
    }
    await server.stop()
    client.stop()
    return (try? result.get()) != nil
  }

  @Test(arguments: [
    ("metrics.ns.svc", ["DNS:metrics.ns.svc"], true), ("METRICS.ns.svc", ["DNS:metrics.ns.svc"], true),
    ("metrics.ns.svc", ["DNS:*.ns.svc"], true), ("a.metrics.ns.svc", ["DNS:*.ns.svc"], false),
    ("metrics.ns.svc", ["DNS:m*.ns.svc"], false), ("metrics.ns.svc", ["DNS:other.ns.svc"], false),
    ("127.0.0.1", ["IP:127.0.0.1"], true), ("127.0.0.1", ["DNS:127.0.0.1"], false), ("::1", ["IP:::1"], true),
  ])
  func `a server is known by its subject's alternative names`(
    _ name: String, _ names: [String], _ isExpected: Bool
  ) async throws {
    #expect(try await isAccepted(name, subject: "/CN=server", names: names) == isExpected)
  }

  @Test func `a server is not known by its common name`() async throws {
    #expect(try await !isAccepted("metrics.ns.svc", subject: "/CN=metrics.ns.svc", names: []))
  }
}
