import FoundationEssentials
import Kubernetes
import Routing

extension BackendDiscovery {
  /// Of a backend's own words, in bytes.
  private static let maximumQuotation = 512

  /// An answer other than 200 and 404, and what to do about the common ones.
  static func refusal(_ response: CurlResponse, to request: CurlRequest) -> String {
    let status = try? JSONDecoder().decode(Status.self, from: Data(response.body))
    let said =
      status?.message.map { ": " + Quotation.of(withoutToken($0, of: request), upTo: maximumQuotation) } ?? ""
    let advice =
      switch response.status {
      case 300..<400: "; redirects are not followed: correct spec.service or spec.service.scheme"
      case 401: "; the backend does not accept the router's token: can it reach the API server to review it?"
      case 403:
        "; allow the ServiceAccount that the router shows to get this path, as ClusterRole system:discovery does"
      default: ""
      }
    return "\(request.operation) was answered with \(response.status)\(said)\(advice)"
  }

  /// Whoever may read a status or an event is not told the router's token by a backend that repeats what it was sent.
  private static func withoutToken(_ words: String, of request: CurlRequest) -> String {
    guard let token = request.headers.first(where: { $0.name == "Authorization" })?.value.split(separator: " ").last
    else { return words }
    return words.replacing(token, with: "[token]")
  }

  /// The message is the same each time the same thing happens, or each attempt would write the status.
  static func explain(_ error: TransportError, _ spec: MetricsSourceSpec) -> SyncFailure {
    let seconds = spec.timeoutSeconds
    return switch error.kind {
    case .timeout:
      SyncFailure(
        reason: .backendTimeout,
        message:
          "\(error.operation): no answer in time (\(connectTimeout.components.seconds) s to connect, spec.timeoutSeconds"
          + " \(seconds) s in all)")
    case .tls:
      SyncFailure(
        reason: .backendUntrusted,
        message: "\(error.operation): \(error.timelessMessage); see spec.caBundle and spec.tlsServerName")
    case .refused:
      SyncFailure(reason: .addressRefused, message: "\(error.operation): \(error.message)")
    case .unreachable, .broken, .cancelled, .local:
      SyncFailure(reason: .backendUnreachable, message: "\(error.operation): \(error.timelessMessage)")
    }
  }
}
