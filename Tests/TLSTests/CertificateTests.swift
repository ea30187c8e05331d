import Testing

@testable import TLS

@Suite struct CertificateTests {
  @Test func `a self-signed certificate is read back from its own PEM`() throws {
    let made = try ServingCertificate.selfSigned(names: ["metrics.example", "127.0.0.1"], days: 30)
    let read = try Certificate.parse(pem: made.certificatePEM, name: "made")
    #expect(read.count == 1)
    #expect(read[0].commonName == "metrics.example")
    #expect((29 * 86_400 - 60)...(30 * 86_400) ~= read[0].secondsToExpiry)
  }

  @Test(arguments: [
    "", "no certificate here",
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n",
  ])
  func `text without a whole certificate is refused by name`(_ pem: String) {
    let error = #expect(throws: TLSError.self) { try Certificate.parse(pem: Array(pem.utf8), name: "ca.crt") }
    #expect(error?.kind == .material)
    #expect(error?.description.contains("ca.crt") == true)
  }

  @Test func `an encrypted certificate is refused without a passphrase being asked for`() throws {
    let pem = String(decoding: try ServingCertificate.selfSigned(names: ["a"], days: 1).certificatePEM, as: UTF8.self)
    let iv = "00112233445566778899AABBCCDDEEFF"
    let encrypted = pem.replacing(
      "-----BEGIN CERTIFICATE-----\n",
      with: "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,\(iv)\n\n")
    let error = #expect(throws: TLSError.self) { try Certificate.parse(pem: Array(encrypted.utf8), name: "ca.crt") }
    // OpenSSL's own way to ask would say that the terminal cannot be opened, or interrupt the process.
    #expect(error?.message == "bad password read")
  }

  @Test func `a key that belongs to another certificate is refused`() throws {
    let certificate = try ServingCertificate.selfSigned(names: ["a"], days: 1)
    let error = #expect(throws: TLSError.self) {
      try ServingCertificate(certificatePEM: certificate.certificatePEM, keyPEM: Array("nonsense".utf8), name: "pair")
    }
    #expect(error?.kind == .material)
  }

  @Test func `a serving certificate is not trusted as a client's`() throws {
    let certificate = try ServingCertificate.selfSigned(names: ["a"], days: 1)
    let store = try TrustStore(pem: certificate.certificatePEM, name: "own")
    #expect(
      store.reasonToRefuse(clientChain: try Certificate.parse(pem: certificate.certificatePEM, name: "own")) != nil)
    #expect(store.reasonToRefuse(clientChain: []) == "no certificate")
  }
}
