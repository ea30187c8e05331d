import Kubernetes
import Testing

@testable import metrics_router_controller

/// The rules of client-go, with its numbers.
@Suite struct EventCorrelatorTests {
  private func event(_ message: String, _ reason: String = "SyncFailed", of name: String = "a") -> Event {
    Event(
      about: .init(apiVersion: "g/v", kind: "MetricsSource", name: name, uid: "u-\(name)"), type: "Warning",
      reason: reason, message: message, reporter: "controller", time: "t", suffix: UInt64(message.count))
  }

  private func created(_ decision: EventCorrelator.Decision) -> Event? {
    if case .create(let event) = decision { event } else { nil }
  }

  private func patched(_ decision: EventCorrelator.Decision) -> Event? {
    if case .patch(let event) = decision { event } else { nil }
  }

  @Test func `the same event is counted, with the name and the first time of the first one`() {
    var correlator = EventCorrelator()
    let first = created(correlator.correlate(event("m"), at: .zero))
    var again = event("m")
    again.metadata.name = "another"
    (again.firstTimestamp, again.lastTimestamp) = ("later", "later")
    let second = patched(correlator.correlate(again, at: .seconds(3600)))
    #expect(second?.count == 2)
    #expect(second?.metadata.name == first?.metadata.name)
    #expect(second?.firstTimestamp == "t")
    #expect(second?.lastTimestamp == "later")
  }

  @Test func `events of another reason, type, object or message are others`() {
    var correlator = EventCorrelator()
    #expect(created(correlator.correlate(event("m"), at: .zero)) != nil)
    #expect(created(correlator.correlate(event("n"), at: .zero)) != nil)
    #expect(created(correlator.correlate(event("m", "Synced"), at: .zero)) != nil)
    #expect(created(correlator.correlate(event("m", of: "b"), at: .zero)) != nil)
    var normal = event("m")
    normal.type = "Normal"
    #expect(created(correlator.correlate(normal, at: .zero)) != nil)
    var anew = event("m")
    anew.involvedObject.uid = "u-2"
    #expect(created(correlator.correlate(anew, at: .zero)) != nil)
    var later = event("m")
    later.involvedObject.resourceVersion = "2"
    #expect(patched(correlator.correlate(later, at: .zero))?.count == 2)
  }

  @Test func `the tenth message of a reason within ten minutes begins one event for those that follow`() {
    var correlator = EventCorrelator()
    for index in 1...9 { #expect(created(correlator.correlate(event("m\(index)"), at: .seconds(index))) != nil) }
    let combined = created(correlator.correlate(event("m10"), at: .seconds(10)))
    #expect(combined?.message == "(combined from similar events): m10")
    let next = patched(correlator.correlate(event("m11"), at: .seconds(11)))
    #expect(next?.message == "(combined from similar events): m11")
    #expect(next?.metadata.name == combined?.metadata.name)
    #expect(next?.count == 2)
    // Others are not concerned.
    #expect(created(correlator.correlate(event("m12", "Synced"), at: .seconds(11)))?.message == "m12")
  }

  @Test func `ten quiet minutes end combining`() {
    var correlator = EventCorrelator()
    for index in 1...10 { _ = correlator.correlate(event("m\(index)"), at: .zero) }
    #expect(
      patched(correlator.correlate(event("m11"), at: .seconds(600)))?.message == "(combined from similar events): m11")
    #expect(created(correlator.correlate(event("m12"), at: .seconds(1201)))?.message == "m12")
  }

  @Test func `of one object twenty-five are told at once, and one more each five minutes`() {
    var correlator = EventCorrelator()
    for _ in 0..<25 { #expect(correlator.correlate(event("m"), at: .zero) != .suppress) }
    #expect(correlator.correlate(event("m"), at: .zero) == .suppress)
    #expect(correlator.correlate(event("m"), at: .seconds(299)) == .suppress)
    #expect(correlator.correlate(event("m", of: "b"), at: .seconds(299)) != .suppress)
    // Those that were suppressed are in the count.
    #expect(patched(correlator.correlate(event("m"), at: .seconds(301)))?.count == 28)
    #expect(correlator.correlate(event("m"), at: .seconds(302)) == .suppress)
    for _ in 0..<25 { #expect(correlator.correlate(event("m"), at: .seconds(100_000)) != .suppress) }
    #expect(correlator.correlate(event("m"), at: .seconds(100_000)) == .suppress)
  }

  @Test func `a combined message is cut as any other`() {
    var correlator = EventCorrelator()
    let long = String(repeating: "x", count: 1020)
    for index in 1...9 { _ = correlator.correlate(event("\(index)" + long), at: .zero) }
    let combined = created(correlator.correlate(event("0" + long), at: .zero))
    #expect(combined?.message.utf8.count == Event.maximumMessageLength)
    #expect(combined?.message.hasSuffix("x…") == true)
  }

  @Test func `however many sources and messages there are, it keeps so many`() {
    var correlator = EventCorrelator(capacity: 20)
    for index in 0..<500 {
      _ = correlator.correlate(event("m\(index)", of: "s\(index % 100)"), at: .seconds(index))
      #expect(correlator.entryCount <= 60)
    }
    // The latest are still known.
    #expect(patched(correlator.correlate(event("m499", of: "s99"), at: .seconds(500)))?.count == 2)
    #expect(created(correlator.correlate(event("m0", of: "s0"), at: .seconds(500))) != nil)
  }
}
