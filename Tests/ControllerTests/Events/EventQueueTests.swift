import Foundation
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_controller

@Suite struct EventQueueTests {
  /// Holds each event until it is let go, and refuses it then where it is told to.
  private final class Gate: EventReporter {
    struct State {
      var isOpen = false
      var isRefusing = false
      var told: [String] = []
    }

    let state = Mutex(State())

    func report(
      _ event: SourceEvent, of source: MetricsSource, at time: Date
    ) async throws(ReportError) -> EventFate {
      while !state.withLock({ $0.isOpen }) { try? await Task.sleep(for: .milliseconds(5)) }
      let isRefused = state.withLock { state in
        if !state.isRefusing { state.told.append(event.message) }
        return state.isRefusing
      }
      if isRefused { throw ReportError(description: "refused") }
      return event.message == "noise" ? .suppressed : .told
    }
  }

  private let gate = Gate()
  private let registry = MetricsRegistry()

  private func told(_ result: String) -> Double? {
    registry.scraped(#"metrics_router_controller_events_total{result="\#(result)"}"#)
  }

  private func offer(_ queue: EventQueue, _ messages: [String]) async {
    await queue.offer(
      messages.map { SourceEvent(severity: .normal, reason: .synced, message: $0) },
      of: metricsSource("a", plainSpec()))
  }

  private func makeQueue() -> EventQueue {
    EventQueue(
      reporter: gate, metrics: ControllerMetrics(in: registry), logger: Logger(sink: ControllerFixture.Lines()))
  }

  @Test func `events are told in order, and so many may wait`() async {
    let queue = makeQueue()
    await offer(queue, ["first"])
    #expect(await eventually { await queue.isIdle == false })
    await offer(queue, (0..<EventQueue.capacity + 10).map { "\($0)" })
    gate.state.withLock { $0.isOpen = true }
    #expect(await eventually { await queue.isIdle })
    let messages = gate.state.withLock { $0.told }
    #expect(messages.count >= EventQueue.capacity && messages.count <= EventQueue.capacity + 1)
    #expect(messages.starts(with: ["first", "0", "1", "2"]))
    #expect(told("error") == Double(11 + EventQueue.capacity - messages.count))
  }

  @Test func `an event that is refused does not hold up the next ones`() async {
    let queue = makeQueue()
    gate.state.withLock { $0 = .init(isOpen: true, isRefusing: true) }
    await offer(queue, ["lost"])
    #expect(await eventually { told("error") == 1 })
    gate.state.withLock { $0.isRefusing = false }
    await offer(queue, ["told"])
    #expect(await eventually { told("success") == 1 })
    #expect(gate.state.withLock { $0.told } == ["told"])
  }

  @Test func `an event that is suppressed is counted apart`() async {
    let queue = makeQueue()
    gate.state.withLock { $0.isOpen = true }
    await offer(queue, ["told", "noise"])
    #expect(await eventually { told("suppressed") == 1 })
    #expect(told("success") == 1)
    #expect(told("error") == 0)
  }
}
