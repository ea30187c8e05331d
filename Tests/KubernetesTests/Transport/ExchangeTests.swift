import Glibc
import Kubernetes
import Testing

struct ExchangeTests {
  private func failure(_ request: CurlRequest) async throws -> TransportError? {
    let transport = try CurlTransport()
    var failure: TransportError?
    do throws(TransportError) {
      _ = try await transport.send(request)
    } catch {
      failure = error
    }
    await transport.shutdown()
    return failure
  }

  @Test("An answer comes back whole, with its status and headers whatever their case")
  func wholeAnswer() async throws {
    let server = try ScriptedServer { connection in
      while connection.readRequest() != nil {
        connection.write("HTTP/1.1 100 Continue\r\n\r\n")
        connection.write("HTTP/1.1 429 Too Many\r\nRETRY-AFTER: 7\r\nX-A:  b \r\nContent-Length: 5\r\n\r\nhello")
      }
    }
    let transport = try CurlTransport()
    let response = try await transport.send(CurlRequest("GET", server.url + "/a?b=c", headers: [.init("X-Empty", "")]))
    #expect(response.status == 429)
    #expect(response.head.retryAfterSeconds == 7)
    #expect(response.head["x-a"] == "b")
    #expect(response.body == Array("hello".utf8))
    let request = try #require(server.requests.first)
    #expect(request.hasPrefix("GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
    #expect(request.contains("\r\nX-Empty:\r\n"))
    await transport.shutdown()
  }

  @Test("A connection whose peer acknowledges nothing ends after 20 s, not after fifteen minutes")
  func silentConnection() async throws {
    let server = try ScriptedServer { connection in
      while connection.readRequest() != nil { connection.write("HTTP/1.1 204 No Content\r\n\r\n") }
    }
    let transport = try CurlTransport()
    _ = try await transport.send(CurlRequest("GET", server.url))
    let timeouts = (0..<1024).compactMap { userTimeout(of: $0, to: server.port) }
    #expect(timeouts == [20_000])
    await transport.shutdown()
  }

  /// In milliseconds; nil unless `descriptor` is a socket that is connected to `port`.
  private func userTimeout(of descriptor: Int32, to port: UInt16) -> UInt32? {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
    }
    guard code == 0, address.sin_family == AF_INET, UInt16(bigEndian: address.sin_port) == port else { return nil }
    var timeout: UInt32 = 0
    length = socklen_t(MemoryLayout<UInt32>.size)
    guard getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &timeout, &length) == 0 else { return nil }
    return timeout
  }

  @Test("Chunked answers are joined, and their trailers ignored")
  func chunkedAnswer() async throws {
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n")
    }
    let transport = try CurlTransport()
    let response = try await transport.send(CurlRequest("GET", server.url))
    #expect(response.body == Array("abcde".utf8))
    #expect(response.head["x-t"] == nil)
    await transport.shutdown()
  }

  @Test("Bodies go out with their method and length", arguments: ["POST", "PUT", "PATCH", "DELETE"])
  func requestBody(method: String) async throws {
    let server = try ScriptedServer { connection in
      while connection.readRequest() != nil { connection.write("HTTP/1.1 204 No Content\r\n\r\n") }
    }
    let transport = try CurlTransport()
    let headers = [CurlRequest.Header("Content-Type", "application/json")]
    _ = try await transport.send(
      CurlRequest(method, server.url + "/x", headers: headers, body: Array("{\"a\":1}".utf8)))
    _ = try await transport.send(CurlRequest(method, server.url + "/y", headers: headers, body: []))
    await transport.shutdown()
    let requests = server.requests
    try #require(requests.count == 2)
    #expect(requests[0].hasPrefix("\(method) /x HTTP/1.1\r\n"))
    #expect(requests[0].contains("\r\nContent-Type: application/json\r\n"))
    #expect(requests[0].contains("\r\nContent-Length: 7\r\n"))
    #expect(requests[0].hasSuffix("\r\n\r\n{\"a\":1}"))
    #expect(requests[1].contains("\r\nContent-Length: 0\r\n"))
    #expect(server.connections == 1)
  }

  @Test("A redirect is an answer like others")
  func redirect() async throws {
    let server = try ScriptedServer { connection in
      while connection.readRequest() != nil {
        connection.write("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
      }
    }
    let transport = try CurlTransport()
    #expect(try await transport.send(CurlRequest("GET", server.url)).status == 302)
    #expect(server.requests.count == 1)
    await transport.shutdown()
  }

  @Test("Many exchanges at the same time each get their own answer")
  func concurrency() async throws {
    let server = try ScriptedServer { connection in
      while let request = connection.readRequest() {
        let path = String(request.split(separator: " ")[1])
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(path.utf8.count)\r\n\r\n\(path)")
      }
    }
    let transport = try CurlTransport()
    let url = server.url
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<200 {
        group.addTask {
          try await transport.send(CurlRequest("GET", "\(url)/\(number)")).body == Array("/\(number)".utf8)
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
    await transport.shutdown()
  }

  @Test("A server that stalls is a timeout")
  func stalledServer() async throws {
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe")
      connection.waitForClose()
    }
    let error = try await failure(CurlRequest("GET", server.url + "/slow?token=x", timeout: .milliseconds(200)))
    #expect(error?.kind == .timeout)
    #expect(error?.operation == "GET \(server.url)/slow")
  }

  @Test("An answer cut short is broken")
  func truncatedAnswer() async throws {
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe")
    }
    #expect(try await failure(CurlRequest("GET", server.url))?.kind == .broken)
  }

  @Test("A server that speaks no HTTP is broken")
  func garbage() async throws {
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write("SSH-2.0-OpenSSH_9.2\r\n")
    }
    #expect(try await failure(CurlRequest("GET", server.url))?.kind == .broken)
  }

  @Test("A port nobody listens on is unreachable")
  func refusedConnection() async throws {
    let port = try ScriptedServer { _ in }.port
    let error = try await failure(CurlRequest("GET", "http://127.0.0.1:\(port)/"))
    #expect(error?.kind == .unreachable)
    #expect(error?.message.contains("Failed to connect") == true)
  }

  @Test("A body above the bound ends the exchange")
  func tooLargeBody() async throws {
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world")
    }
    let error = try await failure(CurlRequest("GET", server.url, maximumBodyBytes: 10))
    #expect(error?.kind == .local)
    #expect(error?.message == "the body of the answer is above the bound of 10 bytes")
  }

  @Test("A head without end is refused")
  func tooLargeHead() async throws {
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\n")
      while connection.write("X-Filler: \(String(repeating: "x", count: 1000))\r\n") {}
    }
    #expect(try await failure(CurlRequest("GET", server.url))?.kind != nil)
  }

  @Test(
    "What cannot be sent is refused before anything is",
    arguments: [
      CurlRequest("GET", "ftp://127.0.0.1/"), CurlRequest("GET", "file:///etc/passwd"), CurlRequest("GET", "http://"),
      CurlRequest("GET", "http://127.0.0.1:1/", headers: [.init("A", "b\r\nC: d")]),
      CurlRequest("GET", "http://127.0.0.1:1/", headers: [.init("A: b", "c")]),
    ])
  func localFailures(request: CurlRequest) async throws {
    #expect(try await failure(request)?.kind == .local)
  }

  @Test("Errors show no user, password or query of the URL")
  func operationIsCleaned() {
    #expect(CurlRequest("GET", "https://me:secret@host:1/a?token=b#c").operation == "GET https://host:1/a")
  }

  @Test("--connect-to sends a request elsewhere under its own name")
  func connectTo() async throws {
    let server = try ScriptedServer { connection in
      while connection.readRequest() != nil { connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }
    }
    let transport = try CurlTransport()
    let request = CurlRequest(
      "GET", "http://adapter.monitoring.svc:80/apis", connectTo: ["adapter.monitoring.svc:80:127.0.0.1:\(server.port)"])
    #expect(try await transport.send(request).status == 200)
    #expect(server.requests.first?.contains("\r\nHost: adapter.monitoring.svc\r\n") == true)
    await transport.shutdown()
  }
}
