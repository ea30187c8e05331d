import Foundation
import MetricsAPI
import Routing
import Testing

@testable import metrics_router_controller

@Suite struct RetentionTests {
  private let retention = Retention(period: .seconds(900))
  private let noon = Date(timeIntervalSince1970: 1_780_000_000)

  private func after(_ seconds: Double) -> Date { noon.addingTimeInterval(seconds) }
  private func text(_ seconds: Double) -> String { after(seconds).ISO8601Format() }

  private func listing(_ external: [String], pods: [String] = []) -> MetricsListing {
    MetricsListing(
      custom: pods.map { CustomMetric(resource: "pods", isNamespaced: true, name: $0) }, external: external)
  }

  private func routed(_ listing: MetricsListing, retained: [RetainedListing] = []) -> RoutedSource {
    RoutedSource(
      name: "a", spec: plainSpec("adapter", [.customMetrics, .externalMetrics]), port: 80, customVersions: [],
      externalVersions: [], listing: listing, retained: retained)
  }

  private func retained(
    _ former: RoutedSource, lastRead: Double, _ listing: MetricsListing,
    types: [MetricsSourceSpec.MetricType] = [.customMetrics, .externalMetrics], at now: Double
  ) -> [RetainedListing] {
    retention.retained(of: former, lastRead: after(lastRead), listing: listing, types: types, now: after(now))
  }

  @Test func `what vanishes is kept with the time when it was last listed`() {
    let kept = retained(routed(listing(["a", "b"], pods: ["foo"])), lastRead: 0, listing(["a"]), at: 300)
    #expect(kept == [RetainedListing(lastListed: text(0), listing: listing(["b"], pods: ["foo"]))])
  }

  @Test func `an equal list retains nothing`() {
    #expect(retained(routed(listing(["a"])), lastRead: 0, listing(["a"]), at: 300).isEmpty)
  }

  @Test func `batches keep their own times, the newest first, and stay disjoint`() {
    let former = routed(
      listing(["a", "b"]),
      retained: [
        RetainedListing(lastListed: text(-600), listing: listing(["old"])),
        RetainedListing(lastListed: text(-300), listing: listing(["newer", "b"])),
      ])
    let kept = retained(former, lastRead: 0, listing(["a"]), at: 100)
    #expect(
      kept == [
        RetainedListing(lastListed: text(0), listing: listing(["b"])),
        RetainedListing(lastListed: text(-300), listing: listing(["newer"])),
        RetainedListing(lastListed: text(-600), listing: listing(["old"])),
      ])
  }

  @Test func `what is listed again is retained no more`() {
    let former = routed(
      listing(["a"]), retained: [RetainedListing(lastListed: text(-300), listing: listing(["b", "c"]))])
    let kept = retained(former, lastRead: 0, listing(["a", "b"]), at: 10)
    #expect(kept == [RetainedListing(lastListed: text(-300), listing: listing(["c"]))])
  }

  @Test func `the period ends to the second`() {
    let former = routed(listing(["a"]))
    #expect(retained(former, lastRead: 0, listing([]), at: 899).count == 1)
    #expect(retained(former, lastRead: 0, listing([]), at: 900).isEmpty)
    let batches = [RetainedListing(lastListed: text(0), listing: listing(["a"]))]
    #expect(retention.unexpired(batches, at: after(899)) == batches)
    #expect(retention.unexpired(batches, at: after(900)).isEmpty)
  }

  @Test func `without a period nothing is retained`() {
    let kept = Retention(period: .zero).retained(
      of: routed(listing(["a"])), lastRead: noon, listing: listing([]), types: [.externalMetrics], now: noon)
    #expect(kept.isEmpty)
  }

  @Test func `metrics of a type that the spec no longer has are dropped`() {
    let kept = retained(
      routed(listing(["a"], pods: ["foo"])), lastRead: 0, listing([]), types: [.customMetrics], at: 10)
    #expect(kept == [RetainedListing(lastListed: text(0), listing: listing([], pods: ["foo"]))])
  }

  @Test func `a clock that was set back keeps nothing for ever`() {
    let future = [RetainedListing(lastListed: text(86_400), listing: listing(["a"]))]
    let counted = retention.unexpired(future, at: noon)
    #expect(counted == [RetainedListing(lastListed: text(0), listing: listing(["a"]))])
    #expect(retention.unexpired(counted, at: after(900)).isEmpty)
  }

  @Test func `of too many names the oldest are dropped`() {
    let new = listing((0..<150_000).map { "new-\($0)" })
    let old = listing((0..<100_000).map { "old-\($0)" })
    let former = routed(new, retained: [RetainedListing(lastListed: text(-10), listing: old)])
    let kept = retained(former, lastRead: 0, listing([]), at: 10)
    #expect(kept.map(\.listing.count) == [150_000, 50_000])
    #expect(kept[0].listing == new)
  }

  @Test func `names that only look the same are told apart`() {
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
    let kept = retained(routed(listing([composed])), lastRead: 0, listing([decomposed]), at: 10)
    #expect(kept.count == 1)
  }
}
