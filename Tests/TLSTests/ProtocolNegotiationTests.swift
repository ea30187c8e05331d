import Testing

@testable import TLS

@Suite struct ProtocolNegotiationTests {
  private static let certificate = try? ServingCertificate.selfSigned(names: ["server.test"], days: 1)

  /// What both sides agree on, where the server speaks `spoken` and the client offers `offered`.
  private func negotiate(_ spoken: [String], _ offered: [String]) async throws -> String? {
    let certificate = try #require(Self.certificate)
    let server = try LoopbackServer(try TLSServerContext(certificate: certificate, protocols: spoken))
    let client = try LoopbackClient()
    let address = try await server.start()
    let context = try TLSClientContext(
      trust: .bundle(certificate.certificatePEM), serverName: "server.test", protocols: offered)
    let seen = try await client.visit(address, context)
    #expect(await server.sightings.map(\.negotiatedProtocol) == [seen.negotiatedProtocol])
    await server.stop()
    client.stop()
    return seen.negotiatedProtocol
  }

  @Test func `the server's preference decides among what the client offers`() async throws {
    #expect(try await negotiate(["h2", "http/1.1"], ["http/1.1", "h2"]) == "h2")
    #expect(try await negotiate(["http/1.1"], ["h2", "http/1.1"]) == "http/1.1")
  }

  @Test func `nothing is agreed on where nothing is offered or nothing is common`() async throws {
    #expect(try await negotiate(["h2", "http/1.1"], []) == nil)
    #expect(try await negotiate([], ["h2"]) == nil)
    #expect(try await negotiate(["http/1.1"], ["h2"]) == nil)
  }

  @Test(arguments: ["", String(repeating: "x", count: 256)])
  func `a protocol name that does not fit into its length byte is refused`(_ name: String) throws {
    let certificate = try #require(Self.certificate)
    #expect(throws: TLSError.self) { try TLSServerContext(certificate: certificate, protocols: [name]) }
    #expect(throws: TLSError.self) {
      try TLSClientContext(trust: .anyone, serverName: "server.test", protocols: ["h2", name])
    }
  }

  @Test func `each name travels behind its length`() throws {
    #expect(try ProtocolList(["h2", "http/1.1"]).wire == [2] + Array("h2".utf8) + [8] + Array("http/1.1".utf8))
    #expect(try ProtocolList([]).isEmpty)
  }
}
