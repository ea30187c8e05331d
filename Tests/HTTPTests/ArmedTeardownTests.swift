import EventLoop
import Glibc
import Synchronization
import TLS
import TestSupport
import Testing

@testable import HTTP

/// Connections that shake hands with nobody: some say nothing, some the beginning of a hello, some that of a request.
private struct HalfOpen {
  private var descriptors: [Int32] = []

  init(_ address: SocketAddress, count: Int) {
    let openings: [[UInt8]] = [[], [0x16, 0x03, 0x01], Array("GET / HTTP/1.1\r\nHo".utf8)]
    for index in 0..<count {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var loopback = sockaddr_in()
      loopback.sin_family = sa_family_t(AF_INET)
      loopback.sin_port = address.port.bigEndian
      loopback.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      _ = withUnsafePointer(to: &loopback) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      let opening = openings[index % openings.count]
      _ = opening.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      descriptors.append(descriptor)
    }
  }

  func close() { for descriptor in descriptors { Glibc.close(descriptor) } }
}

/// How each of the exchanges ended.
private final class Endings: Sendable {
  let results = Mutex<[Bool]>([])
  var count: Int { results.withLock { $0.count } }
}

@Suite struct ArmedTeardownTests {
  enum End: CaseIterable {
    case serverDrains, serversLoopStops, callersLoopStops, callerCloses
  }

  private static let protocols = [["h2", "http/1.1"], ["http/1.1"], []]

  @Test(arguments: End.allCases, protocols)
  func `whichever side ends first, each request ends once, and no descriptor stays`(
    _ end: End, _ protocols: [String]
  ) async throws {
    let before = openDescriptors()
    for _ in 0..<2 {
      let isSecure = !protocols.isEmpty
      let setting = try await Setting.make(secure: isSecure, protocols: protocols)
      let address =
        isSecure
        ? try setting.trusted(protocols)
        : BackendAddress(host: "127.0.0.1", port: setting.address.port, from: .flag, tls: nil)
      await setting.caller.use(address)
      #expect(try body(await setting.caller.get("/kept")) == "/kept")
      let halfOpen = HalfOpen(setting.address, count: 6)
      let endings = Endings()
      // Streams that are open without an answer, and answers that are on their way.
      let tasks = ["/never", "/never", "/never", "/large", "/slow", "/large"].map { path in
        // On the caller's loop from its first step: after the end of a loop nothing gets onto it.
        Task(executorPreference: setting.loops[1]) {
          let isAnswered = (try? await setting.caller.get(path, within: .seconds(1)).get()) != nil
          endings.results.withLock { $0.append(isAnswered) }
          return isAnswered
        }
      }
      try await Task.sleep(for: .milliseconds(Int.random(in: 0...60)))
      switch end {
      case .serverDrains: await setting.server.drain(until: .now())
      case .serversLoopStops: setting.loops[0].stop()
      case .callersLoopStops: setting.loops[1].stop()
      case .callerCloses: await setting.caller.close()
      }
      for (index, task) in tasks.enumerated() {
        // Until the caller's loop has ended, it may take the time that a request has.
        let isAnswered = await task.value
        if index < 3 { #expect(!isAnswered) }
      }
      for loop in setting.loops { loop.stop() }
      halfOpen.close()
      #expect(endings.count == 6)
    }
    let isClean = await eventually { openDescriptors().count <= before.count }
    #expect(isClean, "\(before), now \(openDescriptors())")
  }
}
