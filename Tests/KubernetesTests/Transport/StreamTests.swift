import Glibc
import Kubernetes
import Testing

struct StreamTests {
  private static let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

  @Test("The head is there before the body, and pieces as they arrive")
  func pieces() async throws {
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write(Self.head)
      for piece in ["one", "two", "six"] {
        connection.write("3\r\n\(piece)\r\n")
        _ = connection.readRequest()
      }
      connection.write("0\r\n\r\n")
    }
    let transport = try CurlTransport()
    let stream = try await transport.open(CurlRequest("GET", server.url))
    #expect(stream.head.status == 200)
    var iterator = stream.body.makeAsyncIterator()
    #expect(try await iterator.next() == Array("one".utf8))
    await transport.shutdown()
    await #expect(throws: TransportError.self) {
      while try await iterator.next() != nil {}
    }
  }

  @Test("A body that ends cleanly ends the stream, one cut short throws")
  func ends() async throws {
    let server = try ScriptedServer { connection in
      let request = connection.readRequest() ?? ""
      connection.write(Self.head + "3\r\nabc\r\n" + (request.hasPrefix("GET /whole") ? "0\r\n\r\n" : "9\r\nx"))
    }
    let transport = try CurlTransport()
    var body: [UInt8] = []
    for try await piece in try await transport.open(CurlRequest("GET", server.url + "/whole")).body { body += piece }
    #expect(body == Array("abc".utf8))
    body = []
    do {
      for try await piece in try await transport.open(CurlRequest("GET", server.url + "/cut")).body { body += piece }
      Issue.record("a truncated stream ended cleanly")
    } catch {
      #expect((error as? TransportError)?.kind == .broken)
    }
    #expect(body == Array("abcx".utf8))
    await transport.shutdown()
  }

  @Test("The timeout bounds the head and not the body")
  func headTimeout() async throws {
    let server = try ScriptedServer { connection in
      let request = connection.readRequest() ?? ""
      if request.hasPrefix("GET /late") {
        connection.waitForClose()
      } else {
        connection.write(Self.head)
        usleep(400_000)
        connection.write("3\r\nabc\r\n0\r\n\r\n")
      }
    }
    let transport = try CurlTransport()
    await #expect {
      _ = try await transport.open(CurlRequest("GET", server.url + "/late", timeout: .milliseconds(200)))
    } throws: { error in
      (error as? TransportError)?.kind == .timeout
    }
    var body: [UInt8] = []
    let stream = try await transport.open(CurlRequest("GET", server.url, timeout: .milliseconds(200)))
    for try await piece in stream.body { body += piece }
    #expect(body == Array("abc".utf8))
    await transport.shutdown()
  }

  @Test("A reader that falls behind holds the server back and loses nothing")
  func backPressure() async throws {
    let sent = Counter()
    let chunk = [UInt8](repeating: 0x61, count: 1 << 20)
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(64 << 20)\r\n\r\n")
      for _ in 0..<64 where connection.write(chunk) { sent.add(1) }
    }
    let transport = try CurlTransport()
    let stream = try await transport.open(CurlRequest("GET", server.url))
    try await Task.sleep(for: .milliseconds(500))
    #expect(sent.value < 40)
    var total = 0
    for try await piece in stream.body { total += piece.count }
    #expect(total == 64 << 20)
    await transport.shutdown()
  }
}
