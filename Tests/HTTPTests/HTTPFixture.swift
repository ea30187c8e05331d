import EventLoop
import TLS
import Testing

@testable import HTTP

/// Answers with the path; `/slow` after 200 ms, `/never` after longer than anybody waits.
final class EchoResponder: Responder {
  let loop: EventLoop
  init(loop: EventLoop) { self.loop = loop }

  func respond(to request: RequestHead, on connection: ConnectionContext) async -> Response {
    let path = String(decoding: request.path, as: UTF8.self)
    if path == "/slow" { await loop.sleep(until: .now() + .milliseconds(200)) }
    if path == "/never" { await loop.sleep(until: .now() + .seconds(4)) }
    if path.hasPrefix("/large") { return .text(200, String(repeating: "x", count: 3_000_000)) }
    return .text(200, path)
  }
}

/// A client's side of the tests, on a loop of its own.
actor Caller {
  private let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private var pool: ConnectionPool?

  init(_ loop: EventLoop) { self.loop = loop }

  func use(
    _ address: BackendAddress, requests: Int = 64, waiting: Int = 64, bodyBytes: Int = 1 << 24,
    resolver: NameResolver = NameResolver()
  ) {
    var limits = ConnectionPool.Limits()
    limits.requests = requests
    limits.waiting = waiting
    limits.bodyBytes = bodyBytes
    pool = ConnectionPool(address: address, loop: loop, resolver: resolver, limits: limits)
  }

  func get(
    _ path: String, within limit: Duration = .seconds(5)
  ) async -> Result<ReceivedResponse, ExchangeError> {
    guard let pool else { return .failure(.unresolved("no pool")) }
    do throws(ExchangeError) {
      return .success(
        try await pool.exchange(ClientRequest(target: path, authority: "backend.test"), deadline: .now() + limit))
    } catch {
      return .failure(error)
    }
  }

  /// Sends `text` on a fresh plain connection and returns all that comes back until the end of the stream.
  func converse(_ text: String, with address: SocketAddress) async throws -> String {
    let stream = ByteStream(plain: try await Socket.connect(to: address, on: loop, deadline: .now() + .seconds(2)))
    defer { stream.close() }
    try await stream.write(Array(text.utf8), deadline: .now() + .seconds(2))
    var received: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
    defer { buffer.deallocate() }
    while true {
      let count = try await stream.read(deadline: .now() + .seconds(5)) { buffer }
      if count == 0 { return String(decoding: received, as: UTF8.self) }
      received.append(contentsOf: buffer[..<count])
    }
  }

  var idleConnections: Int { pool?.connectionCounts.idle ?? 0 }
  var openConnections: Int { pool?.connectionCounts.open ?? 0 }
  func maintain() { pool?.maintain() }
  func close() { pool?.close() }
}

struct Setting {
  let loops: [EventLoop]
  let server: HTTPServer
  let caller: Caller
  let address: SocketAddress
  let certificate: ServingCertificate

  /// `protocols` are what the server offers by ALPN.
  static func make(
    secure: Bool, protocols: [String] = ["http/1.1"], configuration: HTTPServer.Configuration = .init()
  ) async throws -> Setting {
    try await Setting(secure: secure, protocols: protocols, configuration: configuration)
  }

  private init(secure: Bool, protocols: [String], configuration: HTTPServer.Configuration) async throws {
    let (serving, calling) = (try EventLoop(name: "serving"), try EventLoop(name: "calling"))
    loops = [serving, calling]
    certificate = try ServingCertificate.selfSigned(names: ["backend.test"], days: 1)
    let context = try TLSServerContext(certificate: certificate, protocols: protocols)
    let tls: (@Sendable () -> TLSServerContext)? = secure ? { @Sendable in context } : nil
    server = HTTPServer(loop: serving, configuration: configuration, tls: tls) { loop in EchoResponder(loop: loop) }
    let anyPort = try #require(SocketAddress("127.0.0.1", port: 0))
    address = try await server.start(anyPort)
    caller = Caller(calling)
  }

  /// The server as a client that trusts it dials it, offering `protocols`.
  func trusted(_ protocols: [String] = []) throws -> BackendAddress {
    BackendAddress(
      host: "127.0.0.1", port: address.port, from: .flag,
      tls: try TLSClientContext(
        trust: .bundle(certificate.certificatePEM), serverName: "backend.test", protocols: protocols))
  }

  func end() async {
    await caller.close()
    await server.drain(until: .now() + .seconds(2))
    for loop in loops { loop.stop() }
  }
}

func body(_ result: Result<ReceivedResponse, ExchangeError>) throws -> String {
  String(decoding: try result.get().body, as: UTF8.self)
}
