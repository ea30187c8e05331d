import TLS
import Testing

@testable import metrics_router_controller

@Suite struct ServingSecretTests {
  private static let policy = CertificatePolicy()
  private let whole: ServingSecret

  init() throws {
    var secret = ServingSecret()
    let authority = try Self.policy.makeAuthority(at: 1_000_000)
    secret.authority = authority
    secret.next = try Self.policy.makeAuthority(at: 2_000_000)
    secret.former = try Self.policy.makeAuthority(at: 1).certificate
    secret.serving = try Self.policy.issue(by: authority, at: 1_000_000)
    whole = secret
  }

  /// What is said of the content with some keys changed.
  private func refusal(_ changes: [ServingSecret.Key: [UInt8]?]) -> String? {
    do throws(ServingSecret.Problem) {
      _ = try ServingSecret { key in changes[key] ?? whole[key] }
      return nil
    } catch {
      return error.description
    }
  }

  @Test func `what is written can be read`() throws {
    let read = try ServingSecret { whole[$0] }
    #expect(read.trusted == whole.trusted)
    #expect(read.trusted.count == 3)
    #expect(read.serving?.leaf == whole.serving?.leaf)
    #expect(ServingSecret.Key.allCases.allSatisfy { whole[$0]?.isEmpty == false })
    #expect(try ServingSecret { _ in nil }.trusted.isEmpty)
  }

  @Test func `half a pair is named`() {
    #expect(refusal([.authorityKey: .some(nil)]) == "ca.crt is there without ca.key")
    #expect(refusal([.authority: .some(nil)]) == "ca.key is there without ca.crt")
    #expect(refusal([.next: .some(nil)]) == "ca-next.key is there without ca-next.crt")
    #expect(refusal([.serving: .some(nil)]) == "tls.key is there without tls.crt")
    #expect(refusal([.servingKey: .some(nil)]) == "tls.crt is there without tls.key")
    #expect(
      refusal([.authority: .some(nil), .authorityKey: .some(nil)]) == "there is no ca.crt beside what is there")
  }

  @Test func `foreign and broken content is told apart, without a word of it`() throws {
    #expect(refusal([.former: Array("secret words".utf8)]) == "read ca-former.crt: no PEM certificate in it")
    #expect(
      refusal([.authorityKey: whole[.nextKey]]) == "read ca.crt: the private key does not belong to the certificate")
    let other = try ServingCertificate.selfSigned(names: ["a"], days: 1)
    #expect(
      refusal([.serving: other.certificatePEM, .servingKey: other.keyPEM])
        == "tls.crt is signed by none of the authorities beside it")
    #expect(
      refusal([.authority: other.certificatePEM, .authorityKey: other.keyPEM])
        == "read ca.crt: its certificate is none of an authority")
    #expect(refusal([.servingKey: Array("-----BEGIN PRIVATE KEY-----\nAAAA".utf8)])?.contains("AAAA") == false)
  }
}
