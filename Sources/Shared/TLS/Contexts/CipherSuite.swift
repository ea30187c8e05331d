/// The suites of TLS 1.2 that are spoken, by their IANA names, as Go and so Kubernetes spells them: forward secrecy and
/// AEAD alone, which are also those that HTTP/2 permits (RFC 9113 §9.2.2). In the server's order of preference.
package enum CipherSuite: String, Sendable, CaseIterable {
  case ecdsaAES128 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
  case rsaAES128 = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
  case ecdsaAES256 = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
  case rsaAES256 = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
  case ecdsaChaCha20 = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
  case rsaChaCha20 = "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"

  /// Those of TLS 1.3, which are all spoken always: as in Go, there is nothing to choose.
  package static let alwaysSpoken = [
    "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
  ]

  var openSSLName: String {
    switch self {
    case .ecdsaAES128: "ECDHE-ECDSA-AES128-GCM-SHA256"
    case .rsaAES128: "ECDHE-RSA-AES128-GCM-SHA256"
    case .ecdsaAES256: "ECDHE-ECDSA-AES256-GCM-SHA384"
    case .rsaAES256: "ECDHE-RSA-AES256-GCM-SHA384"
    case .ecdsaChaCha20: "ECDHE-ECDSA-CHACHA20-POLY1305"
    case .rsaChaCha20: "ECDHE-RSA-CHACHA20-POLY1305"
    }
  }
}
