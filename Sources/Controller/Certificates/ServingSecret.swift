import TLS

/// What the Secret holds: the authority that signs, the one that is to sign next, the one that did before, and the serving
/// certificate.
struct ServingSecret: Sendable {
  /// Its keys. `ca.crt`, `tls.crt` and `tls.key` are called as in a Secret of cert-manager.
  enum Key: String, CaseIterable {
    case authority = "ca.crt"
    case authorityKey = "ca.key"
    /// Trusted before anything that it signs is served.
    case next = "ca-next.crt"
    case nextKey = "ca-next.key"
    /// Trusted until nothing that it has signed is served. Its key is gone.
    case former = "ca-former.crt"
    case serving = "tls.crt"
    case servingKey = "tls.key"

    /// Certificates that API servers are to trust.
    static let trusted: [Key] = [.authority, .next, .former]
  }

  /// Why what is there is not used, in words without any of it.
  struct Problem: Error, Equatable, CustomStringConvertible {
    var description: String
  }

  var authority: CertificateAuthority?
  var next: CertificateAuthority?
  var former: Certificate?
  var serving: ServingCertificate?

  init() {}

  /// Throws where the content is not what this controller writes: somebody else's certificate is not overwritten.
  init(_ value: (Key) -> [UInt8]?) throws(Problem) {
    authority = try Self.authority(value, .authority, .authorityKey)
    next = try Self.authority(value, .next, .nextKey)
    if let pem = value(.former) {
      former = try Self.reading(.former) { name throws(TLSError) in try Certificate.parse(pem: pem, name: name) }.first
    }
    switch (value(.serving), value(.servingKey)) {
    case (nil, nil): break
    case (let certificate?, let key?):
      serving = try Self.reading(.serving) { name throws(TLSError) in
        try ServingCertificate(certificatePEM: certificate, keyPEM: key, name: name)
      }
    case (nil, _): throw Problem(description: "\(Key.servingKey.rawValue) is there without \(Key.serving.rawValue)")
    case (_, nil): throw Problem(description: "\(Key.serving.rawValue) is there without \(Key.servingKey.rawValue)")
    }
    guard authority != nil || (next == nil && former == nil && serving == nil) else {
      throw Problem(description: "there is no \(Key.authority.rawValue) beside what is there")
    }
    if let serving, !trusted.contains(where: { serving.leaf.isSigned(by: $0) }) {
      throw Problem(description: "\(Key.serving.rawValue) is signed by none of the authorities beside it")
    }
  }

  private static func authority(
    _ value: (Key) -> [UInt8]?, _ certificate: Key, _ key: Key
  ) throws(Problem) -> CertificateAuthority? {
    switch (value(certificate), value(key)) {
    case (nil, nil): return nil
    case (let pem?, let keyPEM?):
      return try reading(certificate) { name throws(TLSError) in
        try CertificateAuthority(certificatePEM: pem, keyPEM: keyPEM, name: name)
      }
    case (nil, _): throw Problem(description: "\(key.rawValue) is there without \(certificate.rawValue)")
    case (_, nil): throw Problem(description: "\(certificate.rawValue) is there without \(key.rawValue)")
    }
  }

  private static func reading<Value>(
    _ key: Key, _ body: (String) throws(TLSError) -> Value
  ) throws(Problem) -> Value {
    do throws(TLSError) { return try body(key.rawValue) } catch { throw Problem(description: "\(error)") }
  }

  /// What API servers are to trust, in a fixed order.
  var trusted: [Certificate] { [authority?.certificate, next?.certificate, former].compactMap(\.self) }

  /// The same without the one that is to go.
  var trustedInFuture: Set<Certificate> { Set([authority?.certificate, next?.certificate].compactMap(\.self)) }

  /// What is to be stored under a key; nil for nothing.
  subscript(_ key: Key) -> [UInt8]? {
    get throws(TLSError) {
      switch key {
      case .authority: try authority?.certificate.pem
      case .authorityKey: try authority?.keyPEM
      case .next: try next?.certificate.pem
      case .nextKey: try next?.keyPEM
      case .former: try former?.pem
      case .serving: try serving?.certificatePEM
      case .servingKey: try serving?.keyPEM
      }
    }
  }
}
