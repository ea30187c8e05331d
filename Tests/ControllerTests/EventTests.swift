import Foundation
import Kubernetes
import Routing
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_controller

@Suite struct SourceEventTests {
  private func status(synced: Bool?, conflict: Bool? = nil) -> MetricsSourceStatus {
    var status = MetricsSourceStatus()
    status.synced = synced
    func condition(_ type: String, _ isTrue: Bool, _ reason: String) -> MetricsSourceStatus.Condition {
      .init(type: type, status: isTrue ? "True" : "False", reason: reason, message: "words", lastTransitionTime: "")
    }
    status.conditions = [condition("Synced", synced == true, synced == true ? "ListRead" : "BackendTimeout")]
    if let conflict { status.conditions?.append(condition("Conflict", conflict, conflict ? "EqualPriority" : "No")) }
    return status
  }

  private func reasons(_ former: MetricsSourceStatus?, _ status: MetricsSourceStatus) -> [String] {
    SourceEvent.events(from: former, to: status).map(\.reason)
  }

  @Test func `a first failure and the recovery are told once each`() {
    #expect(reasons(nil, status(synced: false)) == ["SyncFailed"])
    #expect(reasons(status(synced: true), status(synced: false)) == ["SyncFailed"])
    #expect(reasons(status(synced: false), status(synced: false)).isEmpty)
    #expect(reasons(status(synced: false), status(synced: true)) == ["Synced"])
    #expect(reasons(status(synced: true), status(synced: true)).isEmpty)
    #expect(reasons(nil, status(synced: true)).isEmpty)
    #expect(
      SourceEvent.events(from: nil, to: status(synced: false))
        == [SourceEvent(severity: .warning, reason: "SyncFailed", message: "BackendTimeout: words")])
  }

  @Test func `a conflict is told once, and again when it has come back`() {
    let (calm, conflict) = (status(synced: true, conflict: false), status(synced: true, conflict: true))
    #expect(reasons(status(synced: true), conflict) == ["Conflict"])
    #expect(reasons(conflict, conflict).isEmpty)
    #expect(reasons(conflict, calm).isEmpty)
    #expect(reasons(calm, conflict) == ["Conflict"])
  }
}

@Suite struct ClusterEventReporterTests {
  private static let path = "POST /api/v1/namespaces/default/events"
  private let event = SourceEvent(severity: .warning, reason: "Conflict", message: "both list q")

  private func body(_ source: MetricsSource, _ event: SourceEvent) async throws -> Event {
    let api = ScriptedAPI([Self.path: (201, "{}")])
    try await ClusterEventReporter(client: api, group: "metricsrouter.io").report(event, of: source)
    return try JSONDecoder().decode(Event.self, from: Data(try #require(api.requests.first?.body)))
  }

  @Test func `an event is created beside the source that it is about`() async throws {
    let sent = try await body(metricsSource("a", plainSpec(), uid: "u-1"), event)
    #expect(sent.kind == "Event")
    #expect(sent.apiVersion == "v1")
    #expect(
      sent.involvedObject
        == .init(apiVersion: "metricsrouter.io/v1alpha1", kind: "MetricsSource", name: "a", uid: "u-1"))
    #expect(sent.metadata.namespace == "default")
    #expect(sent.metadata.name?.wholeMatch(of: /a\.[0-9a-f]{16}/) != nil)
    #expect(sent.type == "Warning")
    #expect(sent.reason == "Conflict")
    #expect(sent.message == "both list q")
    #expect(sent.reportingComponent == "metrics-router-controller")
    #expect(sent.source?.component == "metrics-router-controller")
    #expect(sent.count == 1)
    #expect(sent.firstTimestamp == sent.lastTimestamp)
    #expect(sent.lastTimestamp.flatMap { try? Date($0, strategy: .iso8601) } != nil)
  }

  @Test func `names and messages are cut to what an API server accepts`() async throws {
    let name = String(repeating: "a", count: 235) + "-" + String(repeating: "b", count: 10)
    let long = SourceEvent(severity: .normal, reason: "Synced", message: "xy" + String(repeating: "€", count: 1000))
    let sent = try await body(metricsSource(name, plainSpec()), long)
    let sentName = try #require(sent.metadata.name)
    #expect(sentName.hasPrefix(String(repeating: "a", count: 235) + "."))
    #expect(sentName.utf8.count == 252)
    #expect(sent.involvedObject.name == name)
    #expect(sent.message.utf8.count <= Event.maximumMessageLength)
    #expect(sent.message.utf8.count > Event.maximumMessageLength - 4)
    #expect(sent.message.hasSuffix("€…"))
  }

  @Test func `a refusal is an error that says what would have been told`() async {
    let api = ScriptedAPI([Self.path: (403, #"{"kind":"Status","message":"events is forbidden","code":403}"#)])
    await #expect {
      try await ClusterEventReporter(client: api, group: "g").report(event, of: metricsSource("a", plainSpec()))
    } throws: {
      "\($0)" == "event Conflict of MetricsSource a: events is forbidden; the event was: both list q"
    }
  }
}

@Suite struct EventQueueTests {
  /// Holds each event until it is let go, and refuses it then where it is told to.
  private final class Gate: EventReporter {
    struct State {
      var isOpen = false
      var isRefusing = false
      var told: [String] = []
    }

    let state = Mutex(State())

    func report(_ event: SourceEvent, of source: MetricsSource) async throws(ReportError) {
      while !state.withLock({ $0.isOpen }) { try? await Task.sleep(for: .milliseconds(5)) }
      let isRefused = state.withLock { state in
        if !state.isRefusing { state.told.append(event.message) }
        return state.isRefusing
      }
      if isRefused { throw ReportError(description: "refused") }
    }
  }

  private let gate = Gate()
  private let registry = MetricsRegistry()

  private func told(_ result: String) -> Double? {
    registry.scraped(#"metrics_router_controller_events_total{result="\#(result)"}"#)
  }

  private func offer(_ queue: EventQueue, _ messages: [String]) async {
    await queue.offer(
      messages.map { SourceEvent(severity: .normal, reason: "Synced", message: $0) },
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
}
