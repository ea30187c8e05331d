import EventLoop
import HTTP
import TLS
import TestSupport
import Testing

@testable import metrics_router_server

/// A caller with a pool of connections on a loop of its own.
private actor Caller {
  private let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private let pool: ConnectionPool

  init(port: UInt16) throws {
    loop = try EventLoop(name: "caller")
    let context = try TLSClientContext(
      trust: .anyone, serverName: "127.0.0.1", protocols: [HTTPServer.http2, HTTPServer.http1])
    pool = ConnectionPool(
      address: BackendAddress(host: "127.0.0.1", port: port, from: .flag, tls: context), loop: loop,
      resolver: NameResolver())
  }

  func get(_ path: String, token: String?) async throws -> Int {
    let fields = token.map { [ClientRequest.Field("authorization", "Bearer \($0)")] } ?? []
    let request = ClientRequest(target: path, authority: "router", fields: fields)
    return try await pool.exchange(request, deadline: .now() + .seconds(5)).status
  }

  /// The connections that are still of use.
  var openConnections: Int {
    pool.maintain()
    return pool.connectionCounts.open
  }

  nonisolated func end() async {
    await close()
    loop.stop()
  }

  private func close() { pool.close() }
}

private let foo = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"

@Suite struct StrangerTests {
  @Test(arguments: [(nil, 403), ("bad", 401), ("good", 200)] as [(String?, Int)])
  func `a connection of HTTP/2 is kept for whom the router knows, and for nobody else`(
    _ token: String?, _ status: Int
  ) async throws {
    let router = try await RouterFixture()
    let caller = try Caller(port: router.port)
    for _ in 0..<3 {
      #expect(try await caller.get(foo, token: token) == status)
      if status == 200 {
        try await Task.sleep(for: .milliseconds(50))
        #expect(await caller.openConnections == 1)
      } else {
        #expect(await eventually { await caller.openConnections == 0 })
      }
    }
    await caller.end()
    await router.end()
  }
}
