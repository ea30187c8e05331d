internal import COpenSSL
import Glibc

/// A certificate chain with the private key that belongs to its first certificate.
// Sound: neither the chain nor the key changes after init; OpenSSL's reference counts are atomic.
package final class ServingCertificate: @unchecked Sendable {
  let chain: [Certificate]
  let key: OpaquePointer

  /// Takes over one reference to the key.
  private init(chain: [Certificate], owningKey key: OpaquePointer) {
    self.chain = chain
    self.key = key
  }

  deinit { EVP_PKEY_free(key) }

  /// Reads PEM. Throws where the two do not belong together, so that a half-replaced pair of files is never served.
  package convenience init(certificatePEM: [UInt8], keyPEM: [UInt8], name: String) throws(TLSError) {
    let chain = try Certificate.parse(pem: certificatePEM, name: name)
    self.init(chain: chain, owningKey: try PEMText.readKey(keyPEM, of: chain[0], name: name))
  }

  package var secondsToExpiry: Int { chain[0].secondsToExpiry }

  /// When the certificate ends, in seconds since 1970.
  package var notAfter: Int64 { chain[0].notAfter }

  /// The certificate itself, without those that lead to its authority.
  package var leaf: Certificate { chain[0] }

  /// A fresh P-256 key with a certificate that it signs itself, valid from an hour ago for `days`.
  ///
  /// `names` are DNS names and IP addresses for subjectAltName; the first one becomes the common name.
  package static func selfSigned(names: [String], days: Int) throws(TLSError) -> ServingCertificate {
    let now = Int64(time(nil))
    let draft = CertificateDraft.serving(names: names, from: now - 3600, until: now + Int64(days) * 86_400)
    let key = try CertificateDraft.freshKey()
    do throws(TLSError) {
      return ServingCertificate(chain: [try draft.signed(key, by: nil)], owningKey: key)
    } catch {
      EVP_PKEY_free(key)
      throw error
    }
  }

  /// A fresh P-256 key with a certificate that `authority` signs. Times are in seconds since 1970.
  package static func issued(
    by authority: CertificateAuthority, names: [String], from: Int64, until: Int64
  ) throws(TLSError) -> ServingCertificate {
    let draft = CertificateDraft.serving(names: names, from: from, until: until)
    let key = try CertificateDraft.freshKey()
    do throws(TLSError) {
      return ServingCertificate(chain: [try draft.signed(key, by: authority)], owningKey: key)
    } catch {
      EVP_PKEY_free(key)
      throw error
    }
  }

  /// The certificates as PEM, for an APIService's `caBundle` or a test's trust.
  package var certificatePEM: [UInt8] {
    get throws(TLSError) { try chain.pem }
  }

  /// The private key as PEM (PKCS #8), without a passphrase: for a Secret, and for nothing that is logged.
  package var keyPEM: [UInt8] {
    get throws(TLSError) { try PEMText.privateKey(key) }
  }
}
