import EventLoop
import HTTP
import Kubernetes
import Synchronization
import TLS
import Testing

@testable import metrics_router_server

@Suite struct CertificateRenewalTests {
  /// Hands each context out once: the connection that got it is then the only one to hold it.
  private final class Contexts: Sendable {
    private let left: Mutex<[TLSServerContext]>
    private let last: TLSServerContext

    init(_ contexts: [TLSServerContext]) {
      last = contexts[0]
      left = Mutex(Array(contexts.dropFirst()))
    }

    func next() -> TLSServerContext { left.withLock { $0.popLast() } ?? last }
  }

  @Test func `a connection outlives the certificate that it was opened with`() async throws {
    let certificate = try ServingCertificate.selfSigned(names: ["127.0.0.1"], days: 1)
    let contexts = Contexts(try (0..<21).map { _ in try TLSServerContext(certificate: certificate) })
    let loop = try EventLoop(name: "renewal")
    let record = BackendResponder.Record()
    let server = HTTPServer(loop: loop, tls: { contexts.next() }) { loop in
      BackendResponder(record: record, loop: loop)
    }
    let port = try await server.start(try #require(SocketAddress("127.0.0.1", port: 0))).port
    for _ in 0..<20 {
      // A transport of its own has no connection to use again, and offers protocols, which the context then chooses from.
      let transport = try CurlTransport()
      let request = CurlRequest("GET", "https://127.0.0.1:\(port)/", tls: .init(verifiesServer: false))
      #expect(try await transport.send(request).status == 200)
      await transport.shutdown()
    }
    await server.drain(until: .now() + .seconds(2))
    loop.stop()
  }
}
