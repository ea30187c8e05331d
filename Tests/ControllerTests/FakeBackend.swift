import EventLoop
import HTTP
import Kubernetes
import Routing
import Synchronization
import TLS
import Testing

@testable import metrics_router_controller

/// A metrics adapter on the loopback that answers each path as it is told, and remembers what it was asked.
final class FakeBackend: Sendable {
  struct Answer: Sendable {
    var status = 200
    var body = ""
    var fields: [(name: String, value: String)] = []
    var delay = Duration.zero
  }

  struct Request: Sendable, Equatable {
    var path: String
    var accept: String?
    var authorization: String?
  }

  private struct State {
    var answers: [String: Answer] = [:]
    var requests: [Request] = []
  }

  static let custom2 = "/apis/custom.metrics.k8s.io/v1beta2"
  static let custom1 = "/apis/custom.metrics.k8s.io/v1beta1"
  static let external = "/apis/external.metrics.k8s.io/v1beta1"

  let port: UInt16
  private let state: Shared
  private let loop: EventLoop
  private let server: HTTPServer

  private final class Shared: Sendable {
    let state = Mutex(State())
    /// Set where nobody waits for a delayed answer any more.
    let isEnding = Atomic(false)
  }

  private final class Adapter: Responder {
    private let shared: Shared
    private let loop: EventLoop

    init(_ shared: Shared, _ loop: EventLoop) {
      self.shared = shared
      self.loop = loop
    }

    func respond(to request: RequestHead, on connection: ConnectionContext) async -> Response {
      let path = String(decoding: request.path, as: UTF8.self)
      func header(_ name: StaticString) -> String? {
        request.headers.first(name).map { String(decoding: $0, as: UTF8.self) }
      }
      let asked = Request(path: path, accept: header("accept"), authorization: header("authorization"))
      let answer = shared.state.withLock { state in
        state.requests.append(asked)
        return state.answers[path] ?? Answer(status: 404, body: "404 page not found\n")
      }
      let due = MonotonicTime.now() + answer.delay
      while due > .now(), !shared.isEnding.load(ordering: .relaxed) {
        await loop.sleep(until: min(due, .now() + .milliseconds(20)))
      }
      return Response(
        status: answer.status, contentType: "application/json", body: Array(answer.body.utf8), fields: answer.fields)
    }
  }

  init(certificate: ServingCertificate? = nil) async throws {
    let shared = Shared()
    let context = try certificate.map { try TLSServerContext(certificate: $0) }
    loop = try EventLoop(name: "backend")
    var tls: (@Sendable () -> TLSServerContext)?
    if let context { tls = { context } }
    server = HTTPServer(loop: loop, tls: tls) { loop in Adapter(shared, loop) }
    port = try await server.start(try #require(SocketAddress("127.0.0.1", port: 0))).port
    state = shared
  }

  func answer(_ path: String, _ answer: Answer?) { state.state.withLock { $0.answers[path] = answer } }

  /// Lists these names at `path`, as namespaced resources.
  func list(_ path: String, _ names: [String], delay: Duration = .zero) {
    let entries = names.map {
      #"{"name":"\#($0)","singularName":"","namespaced":true,"kind":"MetricValueList","verbs":["get"]}"#
    }
    let version = path.dropFirst("/apis/".count)
    let body =
      #"{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"\#(version)","resources":[\#(entries.joined(separator: ","))]}"#
    answer(path, Answer(body: body, delay: delay))
  }

  var requests: [Request] { state.state.withLock { $0.requests } }

  /// Sends what is meant for Service `name` in namespace `ns` here.
  func connectTo(_ name: String = "adapter") -> String { "\(name).ns.svc::127.0.0.1:\(port)" }

  func end() async {
    state.isEnding.store(true, ordering: .relaxed)
    await server.drain(until: .now())
    loop.stop()
  }
}

/// A spec for Service `name` in namespace `ns`, spoken to in clear.
func plainSpec(_ name: String = "adapter", _ types: [MetricsSourceSpec.MetricType] = [.customMetrics])
  -> MetricsSourceSpec
{
  MetricsSourceSpec(
    priority: 1, metricTypes: types,
    service: .init(namespace: "ns", name: name, scheme: .http, port: .number(80)))
}
