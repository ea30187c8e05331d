import Foundation
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_controller

/// What is on its way when the leadership ends.
@Suite struct PausedQueueTests {
  /// Is not done with anything before it is cut off.
  private final class Endless: StatusReporter, EventReporter {
    private let counts = Mutex((began: 0, ended: 0))

    var began: Int { counts.withLock { $0.began } }
    var ended: Int { counts.withLock { $0.ended } }

    func report(_ status: MetricsSourceStatus, of source: MetricsSource) async throws(ReportError) { try await hang() }
    func report(
      _ event: SourceEvent, of source: MetricsSource, at time: Date
    ) async throws(ReportError) -> EventFate {
      try await hang()
      return .told
    }
    func forget(_ name: String) async {}
    func stop() async {}

    private func hang() async throws(ReportError) {
      counts.withLock { $0.began += 1 }
      try? await Task.sleep(for: .seconds(60))
      counts.withLock { $0.ended += 1 }
      throw ReportError(description: "cut off")
    }
  }

  private let reporter = Endless()
  private let registry = MetricsRegistry()
  private let logger = Logger(sink: ControllerFixture.Lines())

  @Test
  func `statuses under way are cut off before the leadership counts as ended, and none is taken until it is back`()
    async
  {
    let queue = StatusQueue(reporter: reporter, metrics: ControllerMetrics(in: registry), logger: logger)
    for name in ["a", "b"] { await queue.offer(MetricsSourceStatus(), of: metricsSource(name, plainSpec())) }
    #expect(await eventually { reporter.began == 2 })
    await queue.pause()
    #expect(reporter.ended == 2)
    await queue.offer(MetricsSourceStatus(), of: metricsSource("a", plainSpec()))
    try? await Task.sleep(for: .milliseconds(50))
    #expect(reporter.began == 2)
    await queue.resume()
    await queue.offer(MetricsSourceStatus(), of: metricsSource("a", plainSpec()))
    #expect(await eventually { reporter.began == 3 })
    await queue.stop()
    #expect(reporter.ended == 3)
  }

  @Test func `an event under way is cut off, and those that wait are dropped`() async {
    let queue = EventQueue(reporter: reporter, metrics: ControllerMetrics(in: registry), logger: logger)
    let event = SourceEvent(severity: .normal, reason: .synced, message: "m")
    await queue.offer([event, event], of: metricsSource("a", plainSpec()))
    #expect(await eventually { reporter.began == 1 })
    await queue.pause()
    #expect(reporter.ended == 1)
    await queue.offer([event], of: metricsSource("a", plainSpec()))
    try? await Task.sleep(for: .milliseconds(50))
    #expect(reporter.began == 1)
    await queue.resume()
    await queue.offer([event], of: metricsSource("a", plainSpec()))
    #expect(await eventually { reporter.began == 2 })
    await queue.stop()
    #expect(reporter.ended == 2)
  }
}
