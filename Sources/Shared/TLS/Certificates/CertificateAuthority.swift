internal import COpenSSL

/// A certificate that signs those of servers, with its private key. Its description tells neither.
// Sound: neither the certificate nor the key changes after init; OpenSSL's reference counts are atomic.
package final class CertificateAuthority: @unchecked Sendable, CustomStringConvertible {
  package let certificate: Certificate
  let key: OpaquePointer

  /// Takes over one reference to the key.
  private init(_ certificate: Certificate, owningKey key: OpaquePointer) {
    self.certificate = certificate
    self.key = key
  }

  deinit { EVP_PKEY_free(key) }

  /// A fresh P-256 key with a certificate that it signs itself. `name` becomes the common name, by which people tell it
  /// from others; times are in seconds since 1970.
  package static func make(name: String, from: Int64, until: Int64) throws(TLSError) -> CertificateAuthority {
    let key = try CertificateDraft.freshKey()
    do throws(TLSError) {
      let certificate = try CertificateDraft.authority(name, from: from, until: until).signed(key, by: nil)
      return CertificateAuthority(certificate, owningKey: key)
    } catch {
      EVP_PKEY_free(key)
      throw error
    }
  }

  /// Reads PEM of one certificate and its key. Throws where they do not belong together, or the certificate may not sign.
  package convenience init(certificatePEM: [UInt8], keyPEM: [UInt8], name: String) throws(TLSError) {
    let certificates = try Certificate.parse(pem: certificatePEM, name: name)
    guard certificates.count == 1, let certificate = certificates.first else {
      throw TLSError(.material, "read \(name)", "\(certificates.count) certificates in place of one")
    }
    guard certificate.isAuthority else {
      throw TLSError(.material, "read \(name)", "its certificate is none of an authority")
    }
    self.init(certificate, owningKey: try PEMText.readKey(keyPEM, of: certificate, name: name))
  }

  /// When the certificate ends, in seconds since 1970.
  package var notAfter: Int64 { certificate.notAfter }

  /// The private key as PEM (PKCS #8), without a passphrase: for a Secret, and for nothing that is logged.
  package var keyPEM: [UInt8] {
    get throws(TLSError) { try PEMText.privateKey(key) }
  }

  package var description: String { "authority \(certificate.commonName)" }
}
