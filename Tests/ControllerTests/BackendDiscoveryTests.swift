import EventLoop
import Kubernetes
import MetricsAPI
import Options
import Routing
import TLS
import Telemetry
import Testing

@testable import metrics_router_controller

@Suite struct BackendDiscoveryTests {
  private let backend: FakeBackend
  private let transport: CurlTransport
  private let registry = MetricsRegistry()
  private let metrics: ControllerMetrics

  init() async throws {
    backend = try await FakeBackend()
    transport = try CurlTransport()
    metrics = ControllerMetrics(in: registry)
  }

  private func list(
    _ spec: MetricsSourceSpec = plainSpec(), of other: FakeBackend? = nil, port: UInt16 = 80,
    authority: [UInt8]? = nil, connectTo: String? = nil
  ) async -> Result<SourceListing, SyncFailure> {
    let discovery = BackendDiscovery(
      transport: transport, credentials: CredentialSource(.token("secret")),
      defaultAuthority: authority.map { .data($0) },
      connectTo: [ConnectTo(connectTo ?? (other ?? backend).connectTo())].compactMap(\.self),
      userAgent: "test", metrics: metrics)
    do throws(SyncFailure) {
      return .success(try await discovery.list(spec, port: port))
    } catch {
      return .failure(error)
    }
  }

  private func failure(_ result: Result<SourceListing, SyncFailure>) -> SyncFailure? {
    if case .failure(let failure) = result { failure } else { nil }
  }

  private func end() async {
    await transport.shutdown()
    await backend.end()
  }

  @Test func `the newer version of custom metrics is asked for first, as plain JSON`() async throws {
    backend.list(FakeBackend.custom2, ["pods/foo"])
    backend.list(FakeBackend.custom1, ["pods/old"])
    let listing = try await list().get()
    #expect(listing.customVersions == [.customV1Beta2])
    #expect(listing.metrics.custom == [CustomMetric(resource: "pods", isNamespaced: true, name: "foo")])
    #expect(backend.requests.map(\.path) == [FakeBackend.custom2])
    #expect(backend.requests.first?.accept == "application/json")
    await end()
  }

  @Test func `an adapter without v1beta2 is asked for v1beta1`() async throws {
    backend.list(FakeBackend.custom1, ["pods/foo"])
    let listing = try await list().get()
    #expect(listing.customVersions == [.customV1Beta1])
    #expect(listing.metrics.custom.map(\.name) == ["foo"])
    await end()
  }

  @Test func `each question is measured by what was answered, and one without an answer too`() async throws {
    backend.list(FakeBackend.custom1, ["pods/foo"])
    _ = try await list().get()
    _ = await list(connectTo: "adapter.ns.svc::127.0.0.1:1")
    func count(_ version: String, _ code: String) -> Double? {
      registry.scraped(
        "metrics_router_controller_discovery_request_duration_seconds_count"
          + #"{group="custom.metrics.k8s.io",version="\#(version)",code="\#(code)"}"#)
    }
    #expect(count("v1beta2", "404") == 1)
    #expect(count("v1beta1", "200") == 1)
    #expect(count("v1beta2", "error") == 1)
    #expect(count("v1beta1", "error") == nil)
    await end()
  }

  @Test func `only what metricTypes say is asked for`() async throws {
    backend.list(FakeBackend.external, ["queue_length"])
    let listing = try await list(plainSpec("adapter", [.externalMetrics])).get()
    #expect(listing.metrics.external == ["queue_length"])
    #expect(backend.requests.map(\.path) == [FakeBackend.external])
    await end()
  }

  @Test func `a placeholder is no metric`() async throws {
    backend.list(FakeBackend.external, ["externalmetrics"])
    let listing = try await list(plainSpec("adapter", [.externalMetrics])).get()
    #expect(listing.metrics.count == 0)
    #expect(listing.metrics.placeholders == ["externalmetrics"])
    await end()
  }

  @Test func `a group that the backend does not serve is a failure that says what to do`() async {
    let custom = failure(await list())
    #expect(custom?.reason == .backendRefused)
    #expect(custom?.message.contains("remove CustomMetrics from spec.metricTypes") == true)
    let external = failure(await list(plainSpec("adapter", [.externalMetrics])))
    #expect(external?.message.contains("remove ExternalMetrics from spec.metricTypes") == true)
    await end()
  }

  @Test func `a refusal tells its code, the backend's words and what to do`() async {
    backend.answer(
      FakeBackend.custom2,
      .init(status: 403, body: #"{"kind":"Status","code":403,"message":"forbidden: User \"router\""}"#))
    let failure = failure(await list())
    #expect(failure?.reason == .backendRefused)
    #expect(failure?.message.contains(#"answered with 403: forbidden: User "router""#) == true)
    #expect(failure?.message.contains("ServiceAccount") == true)
    await end()
  }

  @Test func `an error of one version is not covered up by the other`() async {
    backend.answer(FakeBackend.custom2, .init(status: 500, body: "boom"))
    backend.list(FakeBackend.custom1, ["pods/foo"])
    #expect(failure(await list())?.message.contains("answered with 500") == true)
    #expect(backend.requests.count == 1)
    await end()
  }

  @Test func `a redirect is not followed`() async {
    backend.answer(FakeBackend.custom2, .init(status: 302, fields: [("Location", FakeBackend.custom1)]))
    backend.list(FakeBackend.custom1, ["pods/foo"])
    let failure = failure(await list())
    #expect(failure?.reason == .backendRefused)
    #expect(failure?.message.contains("redirects are not followed") == true)
    #expect(backend.requests.count == 1)
    await end()
  }

  @Test(arguments: ["<html>", "{}", #"{"kind":"APIResourceList","groupVersion":"other/v1","resources":[]}"#])
  func `a 200 that is no list of that group is no list`(body: String) async {
    backend.answer(FakeBackend.custom2, .init(body: body))
    #expect(failure(await list())?.reason == .invalidAnswer)
    await end()
  }

  /// What a backend says goes into a status, and from there to the terminal of whoever looks at it.
  @Test(arguments: [
    (403, #"{"kind":"Status","code":403,"message":"\#(String(repeating: "e\u{301}", count: 1 << 20))"}"#),
    (403, #"{"kind":"Status","code":403,"message":"e\#(String(repeating: "\u{301}", count: 1 << 20))"}"#),
    (403, #"{"kind":"Status","code":403,"message":"\r\n\u001b[2J\u001b]0;title\u0007\u0085\u2028\u202e"}"#),
    (200, #"{"kind":"\#(String(repeating: "k", count: 1 << 20))","groupVersion":"v1","resources":[]}"#),
    (200, #"{"kind":"APIResourceList\u001b[2J\r\n","groupVersion":"v1","resources":[]}"#),
    (200, #"{"kind":"APIResourceList","groupVersion":"\u001b[2J","resources":[]}"#),
    (200, #"{"kind":"APIResourceList","groupVersion":"\#(String(repeating: "g", count: 1 << 20))","resources":[]}"#),
  ])
  func `the words of a backend are bounded in bytes, and of printable characters`(status: Int, body: String) async {
    backend.answer(FakeBackend.custom2, .init(status: status, body: body))
    let message = failure(await list())?.message ?? "\n"
    #expect(message.utf8.count < 9 * 1024)
    let isPrintable = message.unicodeScalars.allSatisfy { scalar in
      ![.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }
    #expect(isPrintable, "\(message.debugDescription.prefix(300))")
    await end()
  }

  @Test(arguments: [
    String(repeating: "[", count: 1 << 20), String(repeating: #"{"a":"#, count: 1 << 18),
    #"{"kind":"APIResourceList","groupVersion":"custom.metrics.k8s.io/v1beta2","resources":"#
      + String(repeating: "[", count: 1 << 18) + String(repeating: "]", count: 1 << 18) + "}",
  ])
  func `a list nested without end is no list`(body: String) async {
    backend.answer(FakeBackend.custom2, .init(body: body))
    #expect(failure(await list())?.reason == .invalidAnswer)
    backend.answer(FakeBackend.custom2, .init(status: 500, body: body))
    #expect(failure(await list())?.reason == .backendRefused)
    await end()
  }

  @Test func `a list in a content coding is no list, and is not unpacked`() async {
    backend.answer(
      FakeBackend.custom2, .init(body: "\u{1f}\u{8b}\u{8}", fields: [("Content-Encoding", "gzip")]))
    #expect(failure(await list())?.reason == .invalidAnswer)
    await end()
  }

  @Test func `a backend that hangs is left at the deadline, in the same words each time`() async {
    backend.list(FakeBackend.custom2, ["pods/foo"], delay: .seconds(4))
    var spec = plainSpec()
    spec.timeoutSeconds = 1
    let start = ContinuousClock.now
    let first = failure(await list(spec))
    #expect(ContinuousClock.now - start < .seconds(3))
    #expect(first?.reason == .backendTimeout)
    #expect(first?.message.contains("spec.timeoutSeconds 1 s") == true)
    #expect(failure(await list(spec)) == first)
    await end()
  }

  @Test func `a backend that refuses connections is told in the same words each time`() async {
    // Nobody listens on the port of tcpmux, and no other test is given it.
    let first = failure(await list(connectTo: "adapter.ns.svc::127.0.0.1:1"))
    #expect(first?.reason == .backendUnreachable)
    #expect(first?.message.contains(" ms") == false)
    #expect(failure(await list(connectTo: "adapter.ns.svc::127.0.0.1:1")) == first)
    await end()
  }

  @Test(arguments: ["127.0.0.1", "127.8.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "255.255.255.255"])
  func `an address that no Service has is not dialled for a source`(host: String) async throws {
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let request = CurlRequest(
      "GET", "http://\(host):\(backend.port)\(FakeBackend.custom2)", refuseAddress: BackendDiscovery.refuse,
      timeout: .seconds(2))
    let error = await #expect(throws: TransportError.self) { try await transport.send(request) }
    #expect(error?.kind == .refused)
    let failure = error.map { BackendDiscovery.explain($0, plainSpec()) }
    #expect(failure?.reason == .addressRefused)
    #expect(failure?.message.contains("\(host) is ") == true)
    #expect(failure?.message.contains("--connect-to") == true)
    #expect(backend.requests.isEmpty)
    await end()
  }

  @Test func `a name is refused by the address that it leads to, in the same words each time`() async throws {
    backend.list(FakeBackend.custom2, ["pods/foo"])
    func ask() async -> TransportError? {
      let request = CurlRequest(
        "GET", "http://localhost:\(backend.port)\(FakeBackend.custom2)", refuseAddress: BackendDiscovery.refuse,
        timeout: .seconds(2))
      return await #expect(throws: TransportError.self) { try await transport.send(request) }
    }
    let first = await ask()
    #expect(first?.kind == .refused)
    #expect(await ask() == first)
    #expect(backend.requests.isEmpty)
    await end()
  }

  @Test func `only where a rule names the host is its address taken on trust`() {
    func isTrusted(_ rules: String...) -> Bool {
      rules.compactMap { ConnectTo($0) }.choosesHost(of: plainSpec().service, port: 80)
    }
    #expect(isTrusted("adapter.ns.svc:80:127.0.0.1:8080"))
    #expect(isTrusted("::127.0.0.1:"))
    #expect(!isTrusted())
    #expect(!isTrusted("adapter.ns.svc:80::8080"))
    #expect(!isTrusted("other.ns.svc:80:127.0.0.1:8080"))
    #expect(!isTrusted("adapter.ns.svc:81:127.0.0.1:8080"))
  }

  @Test func `the token goes out over TLS only, and not where the source does not want it`() async throws {
    backend.list(FakeBackend.custom2, ["pods/foo"])
    _ = try await list().get()
    #expect(backend.requests.map(\.authorization) == [nil])
    let certificate = try ServingCertificate.selfSigned(names: ["adapter.ns.svc"], days: 1)
    let secure = try await FakeBackend(certificate: certificate)
    secure.list(FakeBackend.custom2, ["pods/foo"])
    var spec = plainSpec()
    spec.service.scheme = .https
    spec.insecureSkipTLSVerify = true
    _ = try await list(spec, of: secure, port: 443).get()
    spec.auth = MetricsSourceSpec.Authentication.none
    _ = try await list(spec, of: secure, port: 443).get()
    #expect(secure.requests.map(\.authorization) == ["Bearer secret", nil])
    await secure.end()
    await end()
  }

  @Test func `a backend that repeats the token does not have it told`() async throws {
    let certificate = try ServingCertificate.selfSigned(names: ["adapter.ns.svc"], days: 1)
    let secure = try await FakeBackend(certificate: certificate)
    secure.answer(
      FakeBackend.custom2,
      .init(status: 500, body: #"{"kind":"Status","code":500,"message":"no user for Bearer secret, secret"}"#))
    var spec = plainSpec()
    spec.service.scheme = .https
    spec.insecureSkipTLSVerify = true
    let failure = failure(await list(spec, of: secure, port: 443))
    #expect(secure.requests.map(\.authorization) == ["Bearer secret"])
    #expect(failure?.message.contains("answered with 500: no user for Bearer [token], [token]") == true)
    await secure.end()
    await end()
  }

  @Test func `certificates are verified unless the source says otherwise`() async throws {
    let certificate = try ServingCertificate.selfSigned(names: ["adapter.ns.svc", "other.example"], days: 1)
    let secure = try await FakeBackend(certificate: certificate)
    secure.list(FakeBackend.custom2, ["pods/foo"])
    var spec = plainSpec()
    spec.service.scheme = .https
    #expect(failure(await list(spec, of: secure, port: 443))?.reason == .backendUntrusted)
    #expect(secure.requests.isEmpty)
    let authority = try certificate.certificatePEM
    #expect(try await list(spec, of: secure, port: 443, authority: authority).get().metrics.count == 1)
    spec.caBundle = String(decoding: base64(authority), as: UTF8.self)
    #expect(try await list(spec, of: secure, port: 443).get().metrics.count == 1)
    spec.tlsServerName = "other.example"
    #expect(try await list(spec, of: secure, port: 443).get().metrics.count == 1)
    spec.tlsServerName = "third.example"
    #expect(failure(await list(spec, of: secure, port: 443))?.reason == .backendUntrusted)
    await secure.end()
    await end()
  }
}
