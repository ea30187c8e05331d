import Kubernetes
import Options
import TLS

/// Says whether what the server beside this controller serves now can be verified.
protocol ServedCertificateProbe: Sendable {
  /// Why not; nil where it can, by `authorities` alone and for the name that API servers ask for.
  func reasonToRefuse(trusting authorities: [Certificate]) async -> String?
}

/// Asks the server, as an API server would.
struct ServerProbe: ServedCertificateProbe {
  private static let timeout = Duration.seconds(3)

  let transport: CurlTransport
  let userAgent: String
  let options: CertificateOptions

  func reasonToRefuse(trusting authorities: [Certificate]) async -> String? {
    let trusted: [UInt8]
    do throws(TLSError) { trusted = try authorities.pem } catch { return "\(error)" }
    let (server, host) = (options.server, options.policy.names[0])
    let address = server.host.isEmpty ? "127.0.0.1:\(server.port)" : "\(server)"
    // Open to everybody, and answered from memory; whatever the answer is, it came over TLS.
    var request = CurlRequest(
      "GET", "https://\(host):443/livez", headers: [.init("User-Agent", userAgent)],
      tls: .init(certificateAuthorities: trusted), connectTo: ["\(host):443:\(address)"],
      connectTimeout: Self.timeout, timeout: Self.timeout)
    request.isAlone = true
    do throws(TransportError) {
      _ = try await transport.send(request)
      return nil
    } catch {
      return "the server at \(address) (--server-secure-address): \(error.timelessMessage)"
    }
  }
}
