import Kubernetes
import Testing

struct ConcurrencyTests {
  @Test("Exchanges with a server that hangs delay nobody, also where all servers have one address")
  func hungServer() async throws {
    let hung = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.waitForClose()
    }
    let fine = try ScriptedServer { connection in
      while connection.readRequest() != nil { connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }
    }
    let transport = try CurlTransport()
    let connectTo = ["hung.ns.svc::127.0.0.1:\(hung.port)", "fine.ns.svc::127.0.0.1:\(fine.port)"]
    let hanging = (0..<3).map { _ in
      Task { try? await transport.send(CurlRequest("GET", "http://hung.ns.svc/", connectTo: connectTo)) }
    }
    let deadline = ContinuousClock.now + .seconds(5)
    while hung.requests.count < 3, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
    #expect(hung.requests.count == 3)
    let response = try await transport.send(
      CurlRequest("GET", "http://fine.ns.svc/", connectTo: connectTo, timeout: .seconds(5)))
    #expect(response.status == 200)
    for task in hanging { task.cancel() }
    await transport.shutdown()
  }
}
