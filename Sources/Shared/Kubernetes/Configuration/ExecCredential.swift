import FoundationEssentials
import YAML

/// What a credential plugin printed (`client.authentication.k8s.io`, ExecCredential).
struct ExecCredential: Sendable {
  var token: String?
  var certificate: ClientCertificate?
  /// Nil: good until the server says otherwise.
  var expiry: Date?

  private struct Wire: Decodable {
    struct Status: Decodable {
      var token: String?
      var clientCertificateData: String?
      var clientKeyData: String?
      var expirationTimestamp: String?
    }

    var kind: String?
    var apiVersion: String?
    var status: Status?
  }

  /// Throws where the text is no ExecCredential of that version or holds no credential. Never quotes the text.
  init(_ output: [UInt8], apiVersion: String, source: String) throws(ConfigurationError) {
    let wire: Wire
    do {
      wire = try JSONDecoder().decode(Wire.self, from: Data(output))
    } catch {
      throw ConfigurationError(
        source, "printed no ExecCredential: \((error as? DecodingError)?.fieldAndCause ?? "it is not JSON")")
    }
    guard wire.kind == "ExecCredential" else { throw ConfigurationError(source, "printed no ExecCredential") }
    guard wire.apiVersion == apiVersion else {
      throw ConfigurationError(
        source, "printed \(wire.apiVersion ?? "no apiVersion") where \(apiVersion) was asked for")
    }
    token = wire.status?.token.nonEmpty
    switch (wire.status?.clientCertificateData.nonEmpty, wire.status?.clientKeyData.nonEmpty) {
    case (nil, nil): certificate = nil
    case (let chain?, let key?): certificate = ClientCertificate(chain: Array(chain.utf8), key: Array(key.utf8))
    default: throw ConfigurationError(source, "printed a certificate without its key, or a key without its certificate")
    }
    guard token != nil || certificate != nil else {
      throw ConfigurationError(source, "printed neither a token nor a certificate")
    }
    if let text = wire.status?.expirationTimestamp.nonEmpty {
      guard let date = Self.date(text) else {
        throw ConfigurationError(source, "printed an expirationTimestamp that is not RFC 3339: \(text)")
      }
      expiry = date
    }
  }

  private static func date(_ text: String) -> Date? {
    (try? Date(text, strategy: .iso8601))
      ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
  }
}
