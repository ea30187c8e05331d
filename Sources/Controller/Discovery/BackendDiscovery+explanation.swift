import FoundationEssentials
import Kubernetes
import Routing

extension BackendDiscovery {
  /// Of a backend's own words, in bytes.
  private static let maximumQuotation = 512

  /// An answer other than 200 and 404, and what to do about the common ones.
  static func refusal(_ response: CurlResponse, _ operation: String) -> String {
    let status = try? JSONDecoder().decode(Status.self, from: Data(response.body))
    let said = status?.message.map { ": " + Quotation.of($0, upTo: maximumQuotation) } ?? ""
    let advice =
      switch response.status {
      case 300..<400: "; redirects are not followed: correct spec.service or spec.service.scheme"
      case 401: "; the backend does not accept the router's token: can it reach the API server to review it?"
      case 403: "; allow the ServiceAccount that the router shows to get this path, as ClusterRole system:discovery does"
      default: ""
      }
    return "\(operation) was answered with \(response.status)\(said)\(advice)"
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
