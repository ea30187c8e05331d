/// Speaks to the API server of a configuration over a transport, with its credentials.
package final class KubernetesClient: APIClient {
  private let configuration: ClusterConfiguration
  private let transport: CurlTransport
  private let userAgent: String
  private let connectTo: [String]

  /// `userAgent` names the program and its version; `connectTo` as in ``CurlRequest/connectTo``. The transport may be
  /// shared, and is not shut down here.
  package init(
    _ configuration: ClusterConfiguration, transport: CurlTransport, userAgent: String, connectTo: [String] = []
  ) {
    self.configuration = configuration
    self.transport = transport
    self.userAgent = userAgent
    self.connectTo = connectTo
  }

  package func send(_ request: APIRequest) async throws(TransportError) -> APIResponse {
    let deadline = ContinuousClock.now + request.timeout
    var response = try await transport.send(try await curlRequest(request, by: deadline))
    if response.status == 401, configuration.credentials.isRenewable {
      configuration.credentials.invalidate()
      response = try await transport.send(try await curlRequest(request, by: deadline))
    }
    return APIResponse(
      status: response.status, retryAfterSeconds: response.head.retryAfterSeconds, body: response.body)
  }

  package func open(_ request: APIRequest) async throws(TransportError) -> APIStream {
    let deadline = ContinuousClock.now + request.timeout
    var stream = try await transport.open(try await curlRequest(request, by: deadline))
    if stream.head.status == 401, configuration.credentials.isRenewable {
      configuration.credentials.invalidate()
      stream = try await transport.open(try await curlRequest(request, by: deadline))
    }
    return APIStream(
      status: stream.head.status, retryAfterSeconds: stream.head.retryAfterSeconds, body: stream.body)
  }

  /// What is left of the request's time when its credentials are there is that of the exchange: also of a second one.
  private func curlRequest(
    _ request: APIRequest, by deadline: ContinuousClock.Instant
  ) async throws(TransportError) -> CurlRequest {
    var headers = [CurlRequest.Header("Accept", "application/json"), CurlRequest.Header("User-Agent", userAgent)]
    if request.body != nil { headers.append(.init("Content-Type", request.contentType)) }
    var tls = CurlRequest.TLS(
      verifiesServer: !configuration.insecureSkipTLSVerify, serverName: configuration.tlsServerName)
    let url = configuration.server + request.target
    do throws(ConfigurationError) {
      tls.certificateAuthorities = try configuration.certificateAuthorities?.bytes()
      tls.clientCertificate = try await configuration.credentials.clientCertificate()
      if let authorization = try await configuration.credentials.authorization() {
        headers.append(.init("Authorization", authorization))
      }
    } catch {
      throw TransportError(.local, operation: CurlRequest(request.method.rawValue, url).operation, message: "\(error)")
    }
    let timeout = deadline - .now
    guard timeout > .zero else {
      let operation = CurlRequest(request.method.rawValue, url).operation
      throw TransportError(.timeout, operation: operation, message: "its time was over before it could be sent")
    }
    return CurlRequest(
      request.method.rawValue, url, headers: headers, body: request.body, tls: tls, connectTo: connectTo,
      proxyURL: configuration.proxyURL, timeout: timeout)
  }
}
