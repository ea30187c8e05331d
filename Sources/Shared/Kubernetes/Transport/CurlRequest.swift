/// One HTTP exchange as libcurl is to make it: a URL with everything that decides how it is reached.
package struct CurlRequest: Sendable {
  package struct Header: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package var method: String
  /// `http://` or `https://`, percent-encoded.
  package var url: String
  package var headers: [Header]
  package var body: [UInt8]?
  package var tls: TLS
  /// Entries `HOST1:PORT1:HOST2:PORT2` as curl's `--connect-to` takes them; the first that matches the URL counts.
  package var connectTo: [String]
  /// Is given each address in its textual form just before it is dialled, whatever name led there; says why it is not to
  /// be, or nil. Nil dials any. Runs on the transport's thread.
  package var refuseAddress: (@Sendable (String) -> String?)?
  /// `http://`, `https://` or `socks5://`; nil for a direct connection. The environment is never asked.
  package var proxyURL: String?
  /// For name resolution, TCP and TLS together.
  package var connectTimeout: Duration
  /// For the whole exchange; for a stream until its head has arrived.
  package var timeout: Duration
  /// On a connection of its own, with a whole TLS handshake: a kept one, or a resumed session, does not show which
  /// certificate the server has now.
  package var isAlone = false
  /// Above it the exchange fails. A stream has no such bound: it is read no faster than its reader takes it.
  package var maximumBodyBytes: Int

  package init(
    _ method: String = "GET", _ url: String, headers: [Header] = [], body: [UInt8]? = nil, tls: TLS = TLS(),
    connectTo: [String] = [], refuseAddress: (@Sendable (String) -> String?)? = nil,
    proxyURL: String? = nil, connectTimeout: Duration = .seconds(10), timeout: Duration = .seconds(30),
    maximumBodyBytes: Int = 64 << 20
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.tls = tls
    self.connectTo = connectTo
    self.refuseAddress = refuseAddress
    self.proxyURL = proxyURL
    self.connectTimeout = connectTimeout
    self.timeout = timeout
    self.maximumBodyBytes = maximumBodyBytes
  }
}

extension CurlRequest {
  /// Whom an `https` exchange trusts and how it shows who it is.
  package struct TLS: Sendable, Equatable {
    /// PEM of the only authorities trusted; nil for those of the system.
    package var certificateAuthorities: [UInt8]?
    package var clientCertificate: ClientCertificate?
    /// False: neither chain nor name of the server is checked.
    package var verifiesServer: Bool
    /// The name asked for (SNI) and checked instead of the URL's host.
    package var serverName: String?

    package init(
      certificateAuthorities: [UInt8]? = nil, clientCertificate: ClientCertificate? = nil, verifiesServer: Bool = true,
      serverName: String? = nil
    ) {
      self.certificateAuthorities = certificateAuthorities
      self.clientCertificate = clientCertificate
      self.verifiesServer = verifiesServer
      self.serverName = serverName
    }
  }

  /// The request for messages: method and URL without user, query and fragment.
  package var operation: String {
    var shown = url.prefix { $0 != "?" && $0 != "#" }
    if let scheme = shown.firstRange(of: "://") {
      let authority = shown[scheme.upperBound...].prefix { $0 != "/" }
      if let at = authority.lastIndex(of: "@") { shown.removeSubrange(scheme.upperBound...at) }
    }
    return "\(method) \(shown)"
  }
}

/// A certificate chain and its key, both PEM. Its description tells neither.
package struct ClientCertificate: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
  package var chain: [UInt8]
  package var key: [UInt8]

  package init(chain: [UInt8], key: [UInt8]) {
    self.chain = chain
    self.key = key
  }

  package var description: String { "a client certificate" }
  package var debugDescription: String { description }
}
