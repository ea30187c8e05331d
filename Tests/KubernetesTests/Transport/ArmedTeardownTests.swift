import Kubernetes
import Synchronization
import TestSupport
import Testing

struct ArmedTeardownTests {
  private static let chunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"

  @Test("Shutting down with exchanges of every kind under way ends each once, and leaves no descriptor behind")
  func shutdown() async throws {
    let before = openDescriptors()
    for round in 0..<10 {
      let server = try ScriptedServer { connection in
        let request = connection.readRequest() ?? ""
        if request.hasPrefix("GET /half") { connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf") }
        if request.hasPrefix("GET /stream") { connection.write(Self.chunkedHead) }
        connection.waitForClose()
      }
      let transport = try CurlTransport()
      let (url, endings) = (server.url, Counter())
      var tasks: [Task<TransportError?, Never>] = []
      // No answer, half an answer, a stream with some of its body, and TLS with somebody who never says hello.
      for path in ["\(url)/never", "\(url)/half", "https" + url.dropFirst(4) + "/hello"] {
        for _ in 0..<5 {
          tasks.append(
            Task {
              defer { endings.add(1) }
              do {
                _ = try await transport.send(CurlRequest("GET", path, timeout: .seconds(3600)))
                return nil
              } catch { return error as? TransportError }
            })
        }
      }
      for _ in 0..<5 {
        tasks.append(
          Task {
            defer { endings.add(1) }
            do {
              for try await _ in try await transport.open(CurlRequest("GET", "\(url)/stream")).body {}
              return nil
            } catch { return error as? TransportError }
          })
      }
      // At the first rounds nothing has been connected yet, at the last ones all of it waits.
      try await Task.sleep(for: .milliseconds(round * 10))
      await transport.shutdown()
      for task in tasks {
        let error = await task.value
        #expect(error?.kind == .cancelled, "\(error.map { "\($0)" } ?? "no error")")
      }
      #expect(endings.value == 20)
    }
    // What is asked for while it shuts down is answered as well, however little later.
    for _ in 0..<300 {
      let transport = try CurlTransport()
      let asking = (0..<4).map { _ in
        Task { () -> TransportError? in
          do {
            _ = try await transport.send(CurlRequest("GET", "http://127.0.0.1:1/", timeout: .seconds(3600)))
            return nil
          } catch { return error as? TransportError }
        }
      }
      await transport.shutdown()
      for task in asking { #expect(await task.value != nil) }
    }
    let isClean = await eventually { openDescriptors().count <= before.count }
    #expect(isClean, "\(before), now \(openDescriptors())")
  }
}
