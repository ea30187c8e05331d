import FoundationEssentials

/// How one is known to an API server, renewed as it ages. Its description tells no secret.
package final class CredentialSource: Sendable, CustomStringConvertible {
  package enum Method: Sendable {
    case none
    case token(String)
    /// Read again at least once a minute.
    case tokenFile(RereadFile)
    case basic(username: String, password: String)
    case exec(ExecCredentialCache)
    /// Of another account than the process' own, to be shown to others than the API server.
    case requested(RequestedToken)
  }

  package struct Certificate: Sendable {
    package var chain: PEMSource
    package var key: PEMSource

    package init(chain: PEMSource, key: PEMSource) {
      self.chain = chain
      self.key = key
    }
  }

  package static let anonymous = CredentialSource(.none)

  private let method: Method
  private let certificate: Certificate?

  package init(_ method: Method, certificate: Certificate? = nil) {
    self.method = method
    self.certificate = certificate
  }

  /// The token to send now; nil where one is known otherwise or not at all. Throws where a file or plugin gives none.
  package func bearerToken() async throws(ConfigurationError) -> String? {
    switch method {
    case .none, .basic: return nil
    case .token(let token): return token
    case .tokenFile(let file):
      let token = String(decoding: try file.content(), as: UTF8.self).trimmedWhitespace
      guard !token.isEmpty else { throw ConfigurationError(file.path, "holds no token") }
      return token
    case .exec(let cache): return try await cache.credential().token
    case .requested(let token): return try await token.value()
    }
  }

  /// The value of `Authorization`, where one is to be sent.
  package func authorization() async throws(ConfigurationError) -> String? {
    if case .basic(let username, let password) = method {
      return "Basic " + Data("\(username):\(password)".utf8).base64EncodedString()
    }
    return try await bearerToken().map { "Bearer " + $0 }
  }

  /// The certificate to show in the TLS handshake, where there is one.
  package func clientCertificate() async throws(ConfigurationError) -> ClientCertificate? {
    if let certificate {
      return ClientCertificate(chain: try certificate.chain.bytes(), key: try certificate.key.bytes())
    }
    guard case .exec(let cache) = method else { return nil }
    return try await cache.credential().certificate
  }

  /// Whether asking again after ``invalidate()`` may give another credential.
  package var isRenewable: Bool {
    switch method {
    case .tokenFile, .exec: true
    // It comes when it comes.
    case .requested: false
    case .none, .token, .basic: if case .file? = certificate?.chain { true } else { false }
    }
  }

  /// To be called when the server answers 401: whatever can be read again, or asked for, will be.
  package func invalidate() {
    certificate?.chain.invalidate()
    certificate?.key.invalidate()
    switch method {
    case .tokenFile(let file): file.invalidate()
    case .exec(let cache): cache.invalidate()
    case .requested(let token): token.refused()
    case .none, .token, .basic: break
    }
  }

  package var description: String {
    switch method {
    case .none: certificate == nil ? "anonymous" : "client certificate"
    case .token: "token"
    case .tokenFile(let file): "token of \(file.path)"
    case .basic: "user name and password"
    case .exec: "exec plugin"
    case .requested(let token): token.description
    }
  }
}
