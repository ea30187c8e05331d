import MetricsAPI
import Routing

/// Renders the request that a backend gets: made of the parsed request alone, never of the bytes that the caller sent,
/// so that what was authorized is what is asked. Nothing that identifies the caller is in it.
enum BackendRequest {
  /// `token` is the router's own, already decided to be sent.
  static func render(
    _ request: MetricRequest, query: MetricQuery, version: MetricsGroupVersion, to source: RoutedSource, token: String?,
    userAgent: String
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512 + (token?.utf8.count ?? 0))
    bytes.append(contentsOf: "GET ".utf8)
    bytes.append(contentsOf: request.path(for: version).utf8)
    let encoded = query.encoded()
    if !encoded.isEmpty {
      bytes.append(UInt8(ascii: "?"))
      bytes.append(contentsOf: encoded.utf8)
    }
    bytes.append(contentsOf: " HTTP/1.1\r\nHost: ".utf8)
    bytes.append(contentsOf: source.backend.host.utf8)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(contentsOf: String(source.backend.port).utf8)
    bytes.append(contentsOf: "\r\nAccept: application/json\r\nUser-Agent: ".utf8)
    bytes.append(contentsOf: userAgent.utf8)
    if let token {
      bytes.append(contentsOf: "\r\nAuthorization: Bearer ".utf8)
      bytes.append(contentsOf: token.utf8)
    }
    bytes.append(contentsOf: "\r\n\r\n".utf8)
    return bytes
  }
}
