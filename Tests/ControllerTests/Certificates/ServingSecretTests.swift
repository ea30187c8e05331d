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

  /// What is said of the content with some keys changed, or gone.
  private func refusal(
    without gone: ServingSecret.Key..., changing changes: [ServingSecret.Key: [UInt8]] = [:]
  ) -> String? {
    do throws(ServingSecret.Problem) {
      _ = try ServingSecret { key in gone.contains(key) ? nil : changes[key] ?? (try? whole[key]) }
      return nil
    } catch {
      return error.description
    }
  }

  @Test func `what is written can be read`() throws {
    let read = try ServingSecret { try? whole[$0] }
    #expect(read.trusted == whole.trusted)
    #expect(read.trusted.count == 3)
    #expect(read.serving?.leaf == whole.serving?.leaf)
    #expect(ServingSecret.Key.allCases.allSatisfy { (try? whole[$0])?.isEmpty == false })
    #expect(try ServingSecret { _ in nil }.trusted.isEmpty)
  }

  @Test func `half a pair is named`() {
    #expect(refusal(without: .authorityKey) == "ca.crt is there without ca.key")
    #expect(refusal(without: .authority) == "ca.key is there without ca.crt")
    #expect(refusal(without: .next) == "ca-next.key is there without ca-next.crt")
    #expect(refusal(without: .serving) == "tls.key is there without tls.crt")
    #expect(refusal(without: .servingKey) == "tls.crt is there without tls.key")
    #expect(
      refusal(without: .authority, .authorityKey) == "there is no ca.crt beside what is there")
  }

  @Test func `foreign and broken content is told apart, without a word of it`() throws {
    #expect(refusal(changing: [.former: Array("secret words".utf8)]) == "read ca-former.crt: no PEM certificate in it")
    #expect(
      try refusal(changing: [.authorityKey: whole[.nextKey] ?? []])
        == "read ca.crt: the private key does not belong to the certificate")
    let other = try ServingCertificate.selfSigned(names: ["a"], days: 1)
    #expect(
      try refusal(changing: [.serving: other.certificatePEM, .servingKey: other.keyPEM])
        == "tls.crt is signed by none of the authorities beside it")
    #expect(
      try refusal(changing: [.authority: other.certificatePEM, .authorityKey: other.keyPEM])
        == "read ca.crt: its certificate is none of an authority")
    #expect(
      refusal(changing: [.servingKey: Array("-----BEGIN PRIVATE KEY-----\nAAAA".utf8)])?.contains("AAAA") == false)
  }
}
