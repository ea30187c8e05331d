import COpenSSL
import Testing

@testable import TLS

@Suite struct CipherSuiteTests {
  /// What `openssl s_client` says of a server with these suites and a certificate of that kind of key.
  private func ask(
    _ suites: [CipherSuite], minimum: TLSServerContext.Version = .tls12, with version: String
  ) async throws -> String {
    let certificate = try ServingCertificate.selfSigned(names: ["server.test"], days: 1)
    let context = try TLSServerContext(certificate: certificate, minimumVersion: minimum, cipherSuites: suites)
    let server = try LoopbackServer(context)
    let said = try await OpenSSLClient(version: version).visit(try await server.start())
    await server.stop()
    return said
  }

  @Test(arguments: [CipherSuite.ecdsaAES128, .ecdsaAES256, .ecdsaChaCha20])
  func `the suites given are those of TLS 1_2`(_ suite: CipherSuite) async throws {
    #expect(try await ask([suite, .rsaAES128], with: "-tls1_2").contains("Cipher is \(suite.openSSLName)\n"))
    #expect(try await ask([suite], with: "-tls1_3").contains("Cipher is TLS_"))
  }

  @Test func `without a suite for it TLS 1_2 is not spoken`() async throws {
    #expect(try await ask([], with: "-tls1_2").contains("Cipher is (NONE)"))
    #expect(try await ask([], with: "-tls1_3").contains("Cipher is TLS_"))
    #expect(try await ask([.rsaAES128], with: "-tls1_2").contains("Cipher is (NONE)"))
  }

  @Test func `no version below the least is spoken`() async throws {
    #expect(try await ask(CipherSuite.allCases, minimum: .tls13, with: "-tls1_2").contains("Cipher is (NONE)"))
    #expect(try await ask(CipherSuite.allCases, with: "-tls1_2").contains("Cipher is ECDHE-ECDSA-AES128-GCM-SHA256"))
    #expect(try await ask(CipherSuite.allCases, with: "-tls1_1").contains("Cipher is (NONE)"))
  }

  @Test func `X25519 comes first, and no finite field is taken`() async throws {
    #expect(try await ask(CipherSuite.allCases, with: "-tls1_3").contains("Server Temp Key: X25519"))
    let certificate = try ServingCertificate.selfSigned(names: ["server.test"], days: 1)
    let server = try LoopbackServer(try TLSServerContext(certificate: certificate))
    let address = try await server.start()
    for (groups, key) in [("P-256", "ECDH, prime256v1"), ("secp384r1", "ECDH, secp384r1")] {
      let said = try await OpenSSLClient(version: "-tls1_3", options: ["-groups", groups]).visit(address)
      #expect(said.contains("Server Temp Key: \(key)"))
    }
    let said = try await OpenSSLClient(version: "-tls1_3", options: ["-groups", "ffdhe2048"]).visit(address)
    #expect(said.contains("Cipher is (NONE)"))
    await server.stop()
  }

  @Test func `neither side renegotiates or compresses`() throws {
    let certificate = try ServingCertificate.selfSigned(names: ["server.test"], days: 1)
    let server = try TLSServerContext(certificate: certificate)
    let client = try TLSClientContext(trust: .anyone, serverName: "server.test")
    // SSL_OP_NO_RENEGOTIATION and SSL_OP_NO_COMPRESSION, macros that Swift does not see.
    for option in [UInt64(1) << 30, UInt64(1) << 17] {
      #expect(SSL_CTX_get_options(server.pointer) & option != 0)
      #expect(SSL_CTX_get_options(client.pointer) & option != 0)
    }
  }
}
