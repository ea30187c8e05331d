import Foundation
import Kubernetes
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_controller

@Suite struct LeaderElectorTests {
  /// Short enough for a test, and long enough for a machine that is busy.
  private static let timing = LeaseElection.Timing(
    leaseDuration: .seconds(3), renewDeadline: .seconds(2), retryPeriod: .milliseconds(200))

  /// One replica at a server, running.
  private final class Replica: Sendable {
    let leadership = Leadership()
    let registry = MetricsRegistry()
    let lines = CountedLines()
    private let elector: LeaderElector
    private let running: Task<Void, Never>

    init(_ name: String, _ server: LeaseServer) {
      let (elector, told) = (
        LeaderElector(
          client: server, candidacy: .init(namespace: "ns", name: "lock", identity: name), timing: timing,
          leadership: leadership, metrics: LeadershipMetrics(in: registry, leadership), logger: Logger(sink: lines)),
        Told()
      )
      self.elector = elector
      self.changes = told
      running = Task { await elector.run { told.append($0) } }
    }

    final class Told: Sendable {
      private let values = Mutex<[Bool]>([])
      func append(_ value: Bool) { values.withLock { $0.append(value) } }
      var all: [Bool] { values.withLock { $0 } }
    }

    let changes: Told

    var leads: Bool { leadership.remaining != nil }
    func scraped(_ name: String) -> Double? { registry.scraped("metrics_router_controller_\(name)") }

    /// As a process that is killed.
    func die() async {
      running.cancel()
      await running.value
    }

    func end() async {
      await die()
      await elector.resign()
    }
  }

  @Test func `of two replicas one leads, and each tells`() async {
    let server = LeaseServer()
    let first = Replica("first", server)
    #expect(await eventually { first.changes.all == [true] })
    let second = Replica("second", server)
    #expect(await eventually { second.lines.count(of: "following first, which holds lease ns/lock") == 1 })
    #expect(first.leads && !second.leads)
    #expect(first.scraped("leader") == 1 && second.scraped("leader") == 0)
    #expect(first.scraped(#"leader_transitions_total{to="leader"}"#) == 1)
    #expect(first.lines.count(of: "leading, as first: took lease ns/lock") == 1)
    #expect(await eventually { (first.scraped(#"lease_requests_total{result="success"}"#) ?? 0) > 4 })
    #expect(server.lease?.holder == "first")
    #expect(second.changes.all.isEmpty)
    await second.end()
    await first.end()
  }

  @Test func `a lease that is given back goes over at the next look`() async {
    let server = LeaseServer()
    let first = Replica("first", server)
    #expect(await eventually { first.leads })
    let second = Replica("second", server)
    #expect(await eventually { second.lines.count(of: "following first") == 1 })
    let asked = ContinuousClock.now
    await first.end()
    #expect(!first.leads)
    #expect(first.lines.count(of: "gave lease ns/lock back") == 1)
    #expect(await eventually { second.changes.all == [true] })
    #expect(ContinuousClock.now - asked < .seconds(2))
    #expect(server.lease?.spec.leaseTransitions == 1)
    await second.end()
    #expect(server.lease?.holder == nil)
  }

  @Test func `where the leader dies the next one leads once its lease has run out, and not before`() async {
    let server = LeaseServer()
    let first = Replica("first", server)
    #expect(await eventually { first.leads })
    let second = Replica("second", server)
    #expect(await eventually { second.lines.count(of: "following first") == 1 })
    await first.die()
    let death = ContinuousClock.now
    #expect(await eventually { second.leads })
    let passed = ContinuousClock.now - death
    #expect(passed > .seconds(2.5))
    #expect(passed < .seconds(6))
    #expect(!first.leads)
    await second.end()
  }

  @Test(arguments: [LeaseServer.Mood.away, .hangs, .refuses])
  func `without its lease a leader writes no more, says so once, and leads again when it can`(
    mood: LeaseServer.Mood
  ) async {
    let server = LeaseServer()
    let replica = Replica("only", server)
    #expect(await eventually { replica.changes.all == [true] })
    server.turn(mood)
    let since = ContinuousClock.now
    #expect(await eventually { !replica.leads })
    #expect(ContinuousClock.now - since < .seconds(4))
    #expect(await eventually { replica.changes.all == [true, false] })
    #expect(replica.lines.count(of: "leading no more: lease ns/lock could not be kept") == 1)
    #expect(replica.lines.count(of: mood == .refuses ? "may not use lease ns/lock" : "cannot use lease ns/lock") == 1)
    server.turn(.well)
    #expect(await eventually { replica.changes.all == [true, false, true] })
    #expect(replica.lines.count(of: "lease ns/lock can be used again") == 1)
    #expect(server.lease?.spec.leaseTransitions == 0)
    await replica.end()
  }

  @Test func `who may not use the lease is told what to grant, once, and does not lead`() async {
    let server = LeaseServer()
    server.turn(.refuses)
    let replica = Replica("only", server)
    #expect(await eventually { (replica.scraped(#"lease_requests_total{result="forbidden"}"#) ?? 0) >= 3 })
    #expect(replica.lines.count(of: "Grant it get, update and patch on that lease and create on leases in ns") == 1)
    #expect(replica.lines.count(of: "is forbidden") == 1)
    #expect(!replica.leads)
    #expect(replica.scraped("leader") == 0)
    await replica.end()
    #expect(server.lease == nil)
  }

  @Test func `a lease that another took is not fought for`() async {
    let server = LeaseServer()
    let replica = Replica("only", server)
    #expect(await eventually { replica.leads })
    server.take(
      Lease.Spec(
        holderIdentity: "thief", leaseDurationSeconds: 60, acquireTime: nil, renewTime: Lease.microTime(.now),
        leaseTransitions: 1))
    #expect(await eventually { !replica.leads })
    #expect(replica.lines.count(of: "thief holds it") == 1)
    await replica.end()
    #expect(server.lease?.holder == "thief")
  }

  @Test func `no request takes longer than the leadership lasts`() async {
    let server = LeaseServer()
    let replica = Replica("only", server)
    #expect(await eventually { replica.leads })
    #expect(await eventually { server.requests.count >= 4 })
    #expect(server.requests.allSatisfy { $0.timeout <= Self.timing.renewDeadline / 2 })
    await replica.end()
  }

  @Test func `a moment is written with six digits of a second`() {
    #expect(Lease.microTime(Date(timeIntervalSince1970: 1_700_000_000.25)) == "2023-11-14T22:13:20.250000Z")
    #expect(Lease.microTime(Date(timeIntervalSince1970: 0)) == "1970-01-01T00:00:00.000000Z")
    #expect(Lease.microTime(Date(timeIntervalSince1970: 5.000004)).hasSuffix(":05.000004Z"))
  }
}
