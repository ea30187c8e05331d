import EventLoop
import Glibc
import Synchronization
import TLS
import TestSupport
import Testing

@testable import HTTP

/// Remembers how late the loop came round.
private final class DelayRecord: ServerObserver {
  private let delays = Mutex<[Duration]>([])

  var count: Int { delays.withLock { $0.count } }
  var largest: Duration { delays.withLock { $0.max() ?? .zero } }

  func loopCameRound(late delay: Duration) { delays.withLock { $0.append(delay) } }

  func connectionOpened() {}
  func connectionClosed() {}
  func connectionRefused() {}
  func handshakeFailed(_ error: TLSError) {}
}

@Suite struct LoopDelayTests {
  @Test func `an observer is told how late a loop comes round that was busy`() async throws {
    let record = DelayRecord()
    var configuration = HTTPServer.Configuration()
    configuration.maintenanceInterval = .milliseconds(10)
    configuration.observer = record
    let setting = try await Setting.make(secure: false, configuration: configuration)
    #expect(await eventually { record.count >= 3 })
    await Task(executorPreference: setting.loops[0]) { _ = usleep(400_000) }.value
    #expect(await eventually { record.largest >= .milliseconds(300) })
    await setting.end()
  }
}
