import Kubernetes
import Synchronization
import Testing

/// Counts across threads.
final class Counter: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func add(_ amount: Int) { count.withLock { $0 += amount } }
}

struct CancellationTests {
  /// A server that answers nothing, and what it saw of its connections.
  private struct Silent {
    let closed = AsyncStream<Bool>.makeStream()
    let arrived = AsyncStream<Void>.makeStream()
    let server: ScriptedServer

    init(answering head: String = "") throws {
      let (closed, arrived) = (closed.continuation, arrived.continuation)
      server = try ScriptedServer { connection in
        _ = connection.readRequest()
        connection.write(head)
        arrived.yield()
        closed.yield(connection.waitForClose())
      }
    }

    func hasArrived() async { for await _ in arrived.stream { return } }
    func isClosed() async -> Bool {
      for await isClosed in closed.stream { return isClosed }
      return false
    }
  }

  @Test("Cancelling a task ends its exchange at once, and the connection with it")
  func cancelsExchange() async throws {
    let silent = try Silent()
    let transport = try CurlTransport()
    let url = silent.server.url
    let task = Task { try await transport.send(CurlRequest("GET", url)) }
    await silent.hasArrived()
    task.cancel()
    await #expect { _ = try await task.value } throws: { ($0 as? TransportError)?.kind == .cancelled }
    #expect(await silent.isClosed())
    await transport.shutdown()
  }

  @Test("A task cancelled before it asks is told so")
  func cancelledBefore() async throws {
    let transport = try CurlTransport()
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await transport.send(CurlRequest("GET", "http://127.0.0.1:1/"))
    }
    task.cancel()
    await #expect { _ = try await task.value } throws: { ($0 as? TransportError)?.kind == .cancelled }
    await transport.shutdown()
  }

  @Test("Cancelling the reader of a stream, or dropping the stream, ends the exchange", arguments: [true, false])
  func endsStream(byCancelling: Bool) async throws {
    let silent = try Silent(answering: "HTTP/1.1 200 OK\r\n\r\n")
    let transport = try CurlTransport()
    let url = silent.server.url
    if byCancelling {
      let task = Task {
        for try await _ in try await transport.open(CurlRequest("GET", url)).body {}
      }
      await silent.hasArrived()
      task.cancel()
      _ = await task.result
    } else {
      _ = try await transport.open(CurlRequest("GET", url))
    }
    #expect(await silent.isClosed())
    await transport.shutdown()
  }

  @Test("Shutting down ends what is under way and refuses what comes after")
  func shutdown() async throws {
    let silent = try Silent()
    let transport = try CurlTransport()
    let url = silent.server.url
    let task = Task { try await transport.send(CurlRequest("GET", url)) }
    await silent.hasArrived()
    await transport.shutdown()
    await transport.shutdown()
    await #expect { _ = try await task.value } throws: { ($0 as? TransportError)?.kind == .cancelled }
    await #expect {
      _ = try await transport.send(CurlRequest("GET", url))
    } throws: {
      ($0 as? TransportError)?.kind == .cancelled
    }
  }

  @Test("Transports can be made and dropped with exchanges under way, a hundred times")
  func teardown() async throws {
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.waitForClose()
    }
    for _ in 0..<100 {
      let transport = try CurlTransport()
      let stream = Task { [url = server.url] in try await transport.open(CurlRequest("GET", url)) }
      await Task.yield()
      stream.cancel()
      _ = await stream.result
    }
    #expect(server.connections <= 100)
  }
}
