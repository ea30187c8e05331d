import COpenSSL
import Foundation
import TestSupport
import Testing

@testable import TLS

@Suite struct CertificateAuthorityTests {
  private static let now = Int64(Date().timeIntervalSince1970)
  private static let names = ["metrics-apiserver.metrics-router.svc", "metrics-apiserver.metrics-router"]

  private static func authority(_ name: String = "a", from: Int64 = -3600, until: Int64 = 86_400) throws
    -> CertificateAuthority
  {
    try CertificateAuthority.make(name: name, from: now + from, until: now + until)
  }

  private static func issue(_ authority: CertificateAuthority, until: Int64 = 3600) throws -> ServingCertificate {
    try .issued(by: authority, names: names, from: now - 60, until: now + until)
  }

  private func verdict(
    _ serving: ServingCertificate, _ trusted: [CertificateAuthority], name: String = names[0], at moment: Int64 = now
  ) throws -> String? {
    try OpenSSLVerification.refusal(
      of: serving.certificatePEM, trusting: trusted.map(\.certificate).pem, name: name, at: moment)
  }

  @Test func `what an authority issues is verified by it for each of the names, and for no other one`() throws {
    let authority = try Self.authority()
    let serving = try Self.issue(authority)
    for name in Self.names { #expect(try verdict(serving, [authority], name: name) == nil) }
    #expect(try verdict(serving, [authority], name: "metrics-apiserver.other.svc") != nil)
    #expect(serving.leaf.dnsNames == Self.names)
    #expect(serving.leaf.isSigned(by: authority.certificate))
  }

  @Test func `a name that is too long for a common name is one all the same, and no error is left behind`() throws {
    let authority = try Self.authority()
    let name = "\(String(repeating: "a", count: 40)).\(String(repeating: "b", count: 40)).svc"
    ERR_clear_error()
    let serving = try ServingCertificate.issued(
      by: authority, names: [name], from: Self.now - 60, until: Self.now + 3600)
    #expect(ERR_peek_error() == 0)
    #expect(serving.leaf.commonName.isEmpty)
    #expect(serving.leaf.dnsNames == [name])
    #expect(try verdict(serving, [authority], name: name) == nil)
  }

  @Test func `an authority whose name is too long is refused`() {
    let error = #expect(throws: TLSError.self) { try Self.authority(String(repeating: "a", count: 65)) }
    #expect(error?.operation == "make a certificate")
  }

  @Test func `two authorities of one name are told apart, also where both are trusted`() throws {
    let (first, second) = (try Self.authority(), try Self.authority())
    let serving = try Self.issue(second)
    #expect(try verdict(serving, [first]) != nil)
    #expect(!serving.leaf.isSigned(by: first.certificate))
    #expect(try verdict(serving, [first, second]) == nil)
    #expect(first.certificate != second.certificate)
    #expect(Set([first.certificate, second.certificate, first.certificate]).count == 2)
  }

  @Test func `a certificate is good for the time that it was issued for`() throws {
    let authority = try Self.authority()
    let serving = try Self.issue(authority, until: 3600)
    #expect(serving.notAfter == Self.now + 3600)
    #expect(serving.leaf.notBefore == Self.now - 60)
    #expect(authority.notAfter == Self.now + 86_400)
    #expect(try verdict(serving, [authority], at: Self.now + 3599) == nil)
    #expect(try verdict(serving, [authority], at: Self.now + 3601) != nil)
    #expect(try verdict(serving, [authority], at: Self.now - 61) != nil)
  }

  @Test func `times beyond 2050 are written and read`() throws {
    let authority = try Self.authority(until: 40 * 366 * 86_400)
    #expect(authority.notAfter == Self.now + 40 * 366 * 86_400)
  }

  @Test func `an authority signs servers, no other authority`() throws {
    let authority = try Self.authority()
    #expect(authority.certificate.isAuthority)
    #expect(!(try Self.issue(authority)).leaf.isAuthority)
    let text = try OpenSSLVerification.text(authority.certificate.pem)
    #expect(text.contains("CA:TRUE, pathlen:0"))
    #expect(text.contains("ASN1 OID: prime256v1"))
    #expect(text.contains("ecdsa-with-SHA256"))
  }

  @Test func `both can be stored and read again`() throws {
    let authority = try Self.authority("kept")
    let again = try CertificateAuthority(
      certificatePEM: authority.certificate.pem, keyPEM: authority.keyPEM, name: "ca.crt")
    #expect(again.certificate == authority.certificate)
    let serving = try Self.issue(again)
    #expect(try verdict(serving, [authority]) == nil)
    let read = try ServingCertificate(
      certificatePEM: serving.certificatePEM, keyPEM: serving.keyPEM, name: "tls.crt")
    #expect(read.leaf == serving.leaf)
  }

  @Test func `what is no authority, or has another's key, is refused without a word of the key`() throws {
    let (first, second) = (try Self.authority(), try Self.authority())
    let serving = try Self.issue(first)
    func refusal(_ certificate: [UInt8], _ key: [UInt8]) -> String {
      do throws(TLSError) {
        _ = try CertificateAuthority(certificatePEM: certificate, keyPEM: key, name: "ca.crt")
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(
      try refusal(first.certificate.pem, second.keyPEM)
        == "read ca.crt: the private key does not belong to the certificate")
    #expect(
      try refusal(serving.certificatePEM, serving.keyPEM) == "read ca.crt: its certificate is none of an authority")
    #expect(
      try refusal(first.certificate.pem + second.certificate.pem, first.keyPEM)
        == "read ca.crt: 2 certificates in place of one")
    #expect(try refusal(first.certificate.pem, Array("garbage".utf8)).hasPrefix("read the key of ca.crt: "))
    #expect(refusal([], []) == "read ca.crt: no PEM certificate in it")
    #expect("\(first)" == "authority a")
  }
}
