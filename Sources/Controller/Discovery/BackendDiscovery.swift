import EventLoop
import FoundationEssentials
import Kubernetes
import MetricsAPI
import Options
import Routing

/// Asks a backend what it serves, as kube-aggregator would: `GET /apis/G/V`.
struct BackendDiscovery: Sendable {
  /// Bytes of one list. Reading it takes some eight times as much, while others come.
  private static let maximumListBytes = min(64 << 20, max(4 << 20, (ContainerLimits.memory() ?? .max) / 32))
  static let connectTimeout = Duration.seconds(2)

  let transport: CurlTransport
  let credentials: CredentialSource?
  /// PEM; what a source without `caBundle` trusts. Nil: the system's authorities.
  let defaultAuthority: PEMSource?
  let connectTo: [ConnectTo]
  let userAgent: String
  let metrics: ControllerMetrics
  private let reader = ListReader()

  /// Asks for all that the spec's metric types call for, within its deadline.
  func list(_ spec: MetricsSourceSpec, port: UInt16) async throws(SyncFailure) -> SourceListing {
    var listing = SourceListing()
    var left = Duration.seconds(spec.timeoutSeconds)
    let ask = { (version: MetricsGroupVersion) async throws(SyncFailure) -> MetricsListing? in
      try await list(version, spec, port, &left)
    }
    if spec.metricTypes.contains(.customMetrics) {
      // Some serve v1beta2 without announcing it, so each version is asked for in turn.
      for version in [MetricsGroupVersion.customV1Beta2, .customV1Beta1] {
        guard let found = try await ask(version) else { continue }
        listing.customVersions = [version]
        listing.metrics = listing.metrics.union(found)
        break
      }
      guard !listing.customVersions.isEmpty else {
        throw SyncFailure(
          reason: .backendRefused,
          message: "the backend serves neither version of custom.metrics.k8s.io (404 Not Found): remove CustomMetrics"
            + " from spec.metricTypes, or correct spec.service")
      }
    }
    if spec.metricTypes.contains(.externalMetrics) {
      guard let found = try await ask(.externalV1Beta1) else {
        throw SyncFailure(
          reason: .backendRefused,
          message: "the backend does not serve external.metrics.k8s.io (404 Not Found): remove ExternalMetrics from"
            + " spec.metricTypes, or correct spec.service")
      }
      listing.externalVersions = [.externalV1Beta1]
      listing.metrics = listing.metrics.union(found)
    }
    return listing
  }

  /// Nil where the backend does not know the group-version. `left` is the time that the backend has, and is charged what it
  /// takes; that others keep this process busy is not held against it.
  private func list(
    _ version: MetricsGroupVersion, _ spec: MetricsSourceSpec, _ port: UInt16, _ left: inout Duration
  ) async throws(SyncFailure) -> MetricsListing? {
    guard left > .zero else {
      throw SyncFailure(reason: .backendTimeout, message: "the backend did not answer within spec.timeoutSeconds")
    }
    let request = try await request(version, spec, port, timeout: left)
    let response: CurlResponse
    let start = ContinuousClock.now
    do throws(TransportError) {
      response = try await transport.send(request)
    } catch {
      if error.kind != .cancelled { metrics.asked(for: version, code: nil, in: .now - start) }
      throw Self.explain(error, spec)
    }
    let taken = ContinuousClock.now - start
    left -= taken
    metrics.asked(for: version, code: response.status, in: taken)
    switch response.status {
    case 200: break
    case 404: return nil
    default:
      // The token may have been revoked since.
      if response.status == 401, Self.showsToken(to: spec) { credentials?.invalidate() }
      throw SyncFailure(reason: .backendRefused, message: Self.refusal(response, to: request))
    }
    let list: APIResourceListing
    do throws(ListingError) {
      list = try await reader.read(response.body, version.group)
    } catch {
      throw SyncFailure(reason: .invalidAnswer, message: "\(request.operation): \(error)")
    }
    guard list.groupVersion == version else {
      throw SyncFailure(
        reason: .invalidAnswer, message: "\(request.operation): the answer lists \(list.groupVersion.rawValue)")
    }
    return list.metrics
  }

  private func request(
    _ version: MetricsGroupVersion, _ spec: MetricsSourceSpec, _ port: UInt16, timeout: Duration
  ) async throws(SyncFailure) -> CurlRequest {
    let isSecure = spec.service.scheme != .http
    // Adapters answer other media types with 200 and an empty list.
    var headers = [CurlRequest.Header("Accept", "application/json"), .init("User-Agent", userAgent)]
    if Self.showsToken(to: spec), let credentials {
      do throws(ConfigurationError) {
        if let token = try await credentials.bearerToken() { headers.append(.init("Authorization", "Bearer \(token)")) }
      } catch {
        throw SyncFailure(reason: .credentialsUnavailable, message: "the token for backends: \(error)")
      }
    }
    let tls = CurlRequest.TLS(
      certificateAuthorities: try authorities(spec), verifiesServer: !spec.insecureSkipTLSVerify,
      serverName: spec.tlsServerName)
    let url = "\(isSecure ? "https" : "http")://\(spec.service.host):\(port)\(version.path)"
    return CurlRequest(
      "GET", url, headers: headers, tls: tls, connectTo: connectTo.map(\.description),
      refuseAddress: connectTo.choosesHost(of: spec.service, port: port) ? nil : Self.refuse,
      connectTimeout: Self.connectTimeout, timeout: timeout, maximumBodyBytes: Self.maximumListBytes)
  }

  /// The token goes over TLS alone, and to no source that forbids it.
  private static func showsToken(to spec: MetricsSourceSpec) -> Bool {
    spec.service.scheme != .http && spec.auth == .serviceAccountToken
  }

  /// What a resource names must have an address that a Service may have.
  static let refuse: @Sendable (String) -> String? = { text in
    guard let address = SocketAddress(text, port: 0) else { return "an address of another kind than IP is not dialled" }
    return address.refusal
  }

  private func authorities(_ spec: MetricsSourceSpec) throws(SyncFailure) -> [UInt8]? {
    if let bundle = spec.caBundlePEM { return Array(bundle.utf8) }
    do throws(ConfigurationError) {
      return try defaultAuthority?.bytes()
    } catch {
      throw SyncFailure(reason: .credentialsUnavailable, message: "the authorities for backends: \(error)")
    }
  }
}
