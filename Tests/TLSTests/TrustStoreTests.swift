import COpenSSL
import TestSupport
import Testing

@testable import TLS

@Suite struct TrustStoreTests {
  private func chain(_ issued: TestAuthority.Issued) throws -> [Certificate] {
    try Certificate.parse(pem: try issued.certificatePEM(), name: "client")
  }

  @Test func `a client certificate of a trusted authority is accepted, with its user and groups`() throws {
    let authority = try TestAuthority("users")
    defer { authority.remove() }
    let store = try TrustStore(pem: try authority.authority.certificatePEM(), name: "users")
    let client = try chain(authority.issue("/O=team-a/O=team-b/CN=jane"))
    #expect(store.reasonToRefuse(clientChain: client) == nil)
    #expect(client[0].commonName == "jane")
    #expect(client[0].organizations == ["team-a", "team-b"])
  }

  @Test func `a certificate of another authority is refused`() throws {
    let (trusted, other) = (try TestAuthority("trusted"), try TestAuthority("other"))
    defer {
      trusted.remove()
      other.remove()
    }
    let store = try TrustStore(pem: try trusted.authority.certificatePEM(), name: "trusted")
    #expect(store.reasonToRefuse(clientChain: try chain(other.issue("/CN=jane"))) != nil)
  }

  @Test(arguments: ["serverAuth", nil]) func `a certificate that is not for clients is refused`(_ usage: String?) throws
  {
    let authority = try TestAuthority("users")
    defer { authority.remove() }
    let store = try TrustStore(pem: try authority.authority.certificatePEM(), name: "users")
    #expect(store.reasonToRefuse(clientChain: try chain(authority.issue("/CN=jane", usage: usage))) != nil)
  }

  @Test func `a certificate signed by way of SHA-1 is refused`() throws {
    let authority = try TestAuthority("users")
    defer { authority.remove() }
    let issuer = try ServingCertificate(
      certificatePEM: try authority.authority.certificatePEM(), keyPEM: try authority.authority.keyPEM(), name: "users")
    let store = try TrustStore(pem: try authority.authority.certificatePEM(), name: "users")
    let issued = try authority.issue("/CN=jane")
    let (client, weak) = (try chain(issued), try chain(issued))
    #expect(X509_sign(client[0].pointer, issuer.key, EVP_sha256()) > 0)
    #expect(store.reasonToRefuse(clientChain: client) == nil)
    #expect(X509_sign(weak[0].pointer, issuer.key, EVP_sha1()) > 0)
    #expect(store.reasonToRefuse(clientChain: weak) == "CA signature digest algorithm too weak")
  }

  @Test func `each authority of a bundle counts`() throws {
    let (first, second) = (try TestAuthority("first"), try TestAuthority("second"))
    defer {
      first.remove()
      second.remove()
    }
    let bundle = try first.authority.certificatePEM() + second.authority.certificatePEM()
    let store = try TrustStore(pem: bundle, name: "bundle")
    for authority in [first, second] {
      #expect(store.reasonToRefuse(clientChain: try chain(authority.issue("/CN=proxy"))) == nil)
    }
  }

  @Test func `an intermediate authority is an anchor without its root`() throws {
    let root = try TestAuthority("root")
    let intermediate = try TestAuthority("intermediate", signedBy: root)
    defer {
      root.remove()
      intermediate.remove()
    }
    let store = try TrustStore(pem: try intermediate.authority.certificatePEM(), name: "intermediate")
    #expect(store.reasonToRefuse(clientChain: try chain(intermediate.issue("/CN=proxy"))) == nil)
    #expect(store.reasonToRefuse(clientChain: try chain(root.issue("/CN=proxy"))) != nil)
  }

  @Test func `a key of another certificate is refused`() throws {
    let authority = try TestAuthority("servers")
    defer { authority.remove() }
    let (one, other) = (
      try authority.issue("/CN=a", usage: "serverAuth"), try authority.issue("/CN=b", usage: "serverAuth")
    )
    #expect(throws: Never.self) {
      try ServingCertificate(certificatePEM: try one.certificatePEM(), keyPEM: try one.keyPEM(), name: "pair")
    }
    let error = #expect(throws: TLSError.self) {
      try ServingCertificate(certificatePEM: try one.certificatePEM(), keyPEM: try other.keyPEM(), name: "pair")
    }
    #expect(error?.message == "the private key does not belong to the certificate")
  }
}
