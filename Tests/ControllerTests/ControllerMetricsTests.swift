import Foundation
import Kubernetes
import TestSupport
import Testing

@testable import metrics_router_controller

@Suite struct ControllerMetricsTests {
  private func reconciles(_ fixture: ControllerFixture, _ name: String, _ result: String) -> Double? {
    fixture.registry.scraped(
      #"metrics_router_controller_reconciles_total{source="\#(name)",result="\#(result)"}"#)
  }

  private func ofSource(_ fixture: ControllerFixture, _ metric: String, _ name: String) -> Double? {
    fixture.registry.scraped(#"metrics_router_controller_source_\#(metric){source="\#(name)"}"#)
  }

  @Test func `a source that is synced is measured, and no more once it is deleted`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo", "pods/bar"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([metricsSource("a", plainSpec()), metricsSource("b", plainSpec())]))
    #expect(await eventually { reconciles(fixture, "a", "success") == 1 && reconciles(fixture, "b", "success") == 1 })
    #expect(await eventually { ofSource(fixture, "metrics", "a") == 2 })
    #expect(ofSource(fixture, "synced", "a") == 1)
    let age = Date.now.timeIntervalSince1970 - (ofSource(fixture, "last_sync_timestamp_seconds", "a") ?? 0)
    #expect((0..<60).contains(age))
    let duration = #"metrics_router_controller_reconcile_duration_seconds_count{result="success"}"#
    #expect(await eventually { fixture.registry.scraped(duration) == 2 })
    #expect(
      await eventually {
        fixture.registry.scraped(#"metrics_router_controller_status_patches_total{result="success"}"#) == 2
      })
    fixture.sources.send(.deleted(metricsSource("a", plainSpec())))
    #expect(await eventually { ofSource(fixture, "synced", "a") == nil })
    #expect(ofSource(fixture, "metrics", "a") == nil)
    #expect(ofSource(fixture, "last_sync_timestamp_seconds", "a") == nil)
    #expect(reconciles(fixture, "a", "success") == nil)
    #expect(reconciles(fixture, "b", "success") == 1)
    await fixture.end()
    await backend.end()
  }

  @Test func `a failure is measured by its reason, and what stays routed is still counted`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { ofSource(fixture, "synced", "a") == 1 })
    backend.answer(FakeBackend.custom2, .init(status: 503))
    fixture.sources.send(.applied(metricsSource("a", plainSpec(), generation: 2)))
    #expect(await eventually { (reconciles(fixture, "a", "BackendRefused") ?? 0) >= 1 })
    #expect(await eventually { ofSource(fixture, "synced", "a") == 0 })
    #expect(ofSource(fixture, "metrics", "a") == 1)
    #expect(await eventually { fixture.source("a") != nil })
    await fixture.stop()

    // What a former run had routed counts before its backend was asked again.
    backend.list(FakeBackend.custom2, ["pods/foo"], delay: .seconds(5))
    let next = try ControllerFixture(connectTo: [backend.connectTo()], folder: fixture.folder)
    next.sources.send(.replaced([metricsSource("a", plainSpec(), generation: 2)]))
    #expect(await eventually { ofSource(next, "metrics", "a") == 1 })
    #expect(ofSource(next, "synced", "a") == nil)
    #expect(ofSource(next, "last_sync_timestamp_seconds", "a") == nil)
    await next.end()
    await backend.end()
  }

  @Test func `sources under way and waiting are measured`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"], delay: .milliseconds(1500))
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced((0..<70).map { metricsSource("s\($0)", plainSpec()) }))
    func gauge(_ name: String) -> Double? { fixture.registry.scraped("metrics_router_controller_\(name)") }
    #expect(await eventually { gauge("reconciles_in_flight") == 64 && gauge("work_queue_depth") == 6 })
    #expect(await eventually(within: .seconds(15)) { gauge("work_queue_depth") == 0 })
    #expect(await eventually(within: .seconds(15)) { gauge("reconciles_in_flight") == 0 })
    await fixture.end()
    await backend.end()
  }

  @Test func `a status that cannot be told is measured each time`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    func patches(_ result: String) -> Double {
      fixture.registry.scraped(#"metrics_router_controller_status_patches_total{result="\#(result)"}"#) ?? -1
    }
    #expect(patches("success") == 0 && patches("error") == 0)
    fixture.reporter.goDown(true)
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { patches("error") >= 2 })
    #expect(patches("success") == 0)
    fixture.reporter.goDown(false)
    #expect(await eventually { patches("success") == 1 })
    await fixture.end()
    await backend.end()
  }
}
