import MetricsAPI
import Routing
import Testing

@testable import metrics_router_controller

@Suite struct SourceEventTests {
  private typealias Condition = MetricsSourceStatus.Condition

  private func condition(_ type: String, _ isTrue: Bool, _ reason: String, _ message: String = "words") -> Condition {
    Condition(type: type, status: isTrue ? "True" : "False", reason: reason, message: message, lastTransitionTime: "")
  }

  private func status(
    synced: Bool?, because reason: String = "BackendTimeout", conflict: Bool? = nil, placeholder: String? = nil,
    routed: MetricsSourceStatus.Condition? = nil
  ) -> MetricsSourceStatus {
    var status = MetricsSourceStatus()
    status.synced = synced
    status.placeholder = placeholder
    status.conditions = [condition("Synced", synced == true, synced == true ? "ListRead" : reason)]
    if let conflict { status.conditions?.append(condition("Conflict", conflict, conflict ? "EqualPriority" : "No")) }
    status.conditions?.append(routed ?? condition("Routed", true, "MetricsListed"))
    return status
  }

  private func reasons(_ former: MetricsSourceStatus?, _ status: MetricsSourceStatus) -> [SourceEvent.Reason] {
    SourceEvent.events(from: former, to: status).map(\.reason)
  }

  @Test func `the first list, a failure and the recovery are told once each`() {
    #expect(reasons(nil, status(synced: true)) == [.synced])
    #expect(reasons(nil, status(synced: false)) == [.syncFailed])
    #expect(reasons(status(synced: true), status(synced: false)) == [.syncFailed])
    #expect(reasons(status(synced: false), status(synced: false)).isEmpty)
    #expect(reasons(status(synced: false), status(synced: true)) == [.synced])
    #expect(reasons(status(synced: true), status(synced: true)).isEmpty)
    #expect(
      SourceEvent.events(from: nil, to: status(synced: false))
        == [SourceEvent(severity: .warning, reason: .syncFailed, message: "BackendTimeout: words")])
    #expect(
      SourceEvent.events(from: status(synced: false), to: status(synced: true))
        == [SourceEvent(severity: .normal, reason: .synced, message: "its list can be read again: words")])
  }

  @Test func `a failure for another reason than before is told`() {
    let former = status(synced: false, because: "BackendTimeout")
    #expect(
      SourceEvent.events(from: former, to: status(synced: false, because: "BackendUntrusted"))
        == [SourceEvent(severity: .warning, reason: .syncFailed, message: "BackendUntrusted: words")])
  }

  @Test func `a conflict is told once, and again when it has come back`() {
    let (calm, conflict) = (status(synced: true, conflict: false), status(synced: true, conflict: true))
    #expect(reasons(status(synced: true), conflict) == [.conflict])
    #expect(reasons(conflict, conflict).isEmpty)
    #expect(reasons(conflict, calm).isEmpty)
    #expect(reasons(calm, conflict) == [.conflict])
  }

  @Test func `a placeholder is a warning with the claim to add, until there is one`() {
    let wanting = status(
      synced: true, placeholder: "externalmetrics",
      routed: condition("Routed", false, "PlaceholderOnly", "add spec.claims: […]"))
    let claimed = status(
      synced: true, placeholder: "externalmetrics", routed: condition("Routed", true, "Claimed", "by its claim"))
    #expect(
      SourceEvent.events(from: status(synced: true), to: wanting)
        == [SourceEvent(severity: .warning, reason: .placeholder, message: "add spec.claims: […]")])
    #expect(reasons(nil, wanting) == [.synced, .placeholder])
    #expect(reasons(wanting, wanting).isEmpty)
    #expect(reasons(wanting, claimed).isEmpty)
    #expect(reasons(claimed, wanting) == [.placeholder])
    #expect(
      SourceEvent.events(from: status(synced: true), to: claimed) == [
        SourceEvent(
          severity: .normal, reason: .placeholder,
          message: "the backend lists the placeholder externalmetrics in place of its metrics: by its claim")
      ])
    #expect(reasons(wanting, status(synced: true)).isEmpty)
  }

  @Test func `a placeholder beside metrics that are routed is a warning too`() {
    var spec = plainSpec("adapter", [.customMetrics, .externalMetrics])
    spec.claims = []
    let source = metricsSource("a", spec)
    var listing = SourceListing()
    listing.metrics = MetricsListing(
      custom: [CustomMetric(resource: "pods", isNamespaced: true, name: "foo")], external: [],
      placeholders: [Placeholder.external])
    let status = MetricsSourceStatus.after(
      .success(listing), of: source,
      routed: RoutedSource(name: "a", spec: spec, port: 443, listing: listing), former: nil,
      now: "2026-01-01T00:00:00Z")
    let events = SourceEvent.events(from: nil, to: status)
    #expect(events.map(\.reason) == [.synced, .placeholder])
    #expect(events.last?.severity == .warning)
    #expect(events.last?.message.contains("add spec.claims: [") == true)
  }
}
