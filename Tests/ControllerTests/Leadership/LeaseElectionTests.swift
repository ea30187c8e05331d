import Kubernetes
import Testing

@testable import metrics_router_controller

@Suite struct LeaseElectionTests {
  /// Two replicas and a server that answers at once.
  private struct Pair {
    var leases = ModelLeases()
    var a = LeaseElection(identity: "a", timing: .init())
    var b = LeaseElection(identity: "b", timing: .init())

    /// Does what is to be done at `time`; what was asked.
    @discardableResult
    mutating func turn(
      _ replica: WritableKeyPath<Self, LeaseElection>, at seconds: Double, isReachable: Bool = true
    ) -> [LeaseElection.Request] {
      let now = LeaseElection.Moment(.seconds(seconds))
      var asked: [LeaseElection.Request] = []
      while case .send(let request, _) = self[keyPath: replica].next(at: now) {
        asked.append(request)
        self[keyPath: replica].received(isReachable ? leases.answer(request) : .failed, at: now)
      }
      return asked
    }

    func leads(_ replica: KeyPath<Self, LeaseElection>, at seconds: Double) -> Bool {
      self[keyPath: replica].leads(at: .seconds(seconds)) != nil
    }
  }

  @Test func `who finds no lease creates it and leads until the deadline`() {
    var pair = Pair()
    pair.turn(\.a, at: 0)
    #expect(pair.leads(\.a, at: 0))
    #expect(pair.leads(\.a, at: 9.9))
    #expect(!pair.leads(\.a, at: 10))
    #expect(pair.leases.lease?.holder == "a")
    #expect(pair.leases.lease?.spec.leaseDurationSeconds == 15)
    #expect(pair.leases.lease?.spec.leaseTransitions == 0)
  }

  @Test func `the leader renews every two seconds by a single request`() {
    var pair = Pair()
    pair.turn(\.a, at: 0)
    let acquired = pair.leases.lease?.spec.acquireTime
    #expect(pair.a.next(at: .init(.seconds(0.5))) == .wait(.seconds(1.5)))
    let asked = pair.turn(\.a, at: 2)
    #expect(asked.count == 1)
    #expect(pair.leases.lease?.spec.renewTime == "2000")
    #expect(pair.leases.lease?.spec.acquireTime == acquired)
    #expect(pair.leads(\.a, at: 11.9))
  }

  @Test func `who sees another holder waits for as long as the lease says, from when it last changed`() {
    var pair = Pair()
    pair.turn(\.a, at: 0)
    for second in stride(from: 1.0, through: 17, by: 2) {
      pair.turn(\.b, at: second)
      if second < 5 { pair.turn(\.a, at: second + 1) }
      #expect(!pair.leads(\.b, at: second))
    }
    #expect(pair.b.holder == "a")
    // The last renewal, of second 4, was first seen in second 5.
    pair.turn(\.b, at: 19.9)
    #expect(!pair.leads(\.b, at: 19.9))
    pair.turn(\.b, at: 20)
    #expect(pair.leads(\.b, at: 20))
    #expect(pair.leases.lease?.holder == "b")
    #expect(pair.leases.lease?.spec.leaseTransitions == 1)
    #expect(!pair.leads(\.a, at: 14))
  }

  @Test func `the look at which the lease has run out is not put off by the retry period`() {
    var pair = Pair()
    pair.turn(\.a, at: 0)
    pair.turn(\.b, at: 0)
    pair.turn(\.b, at: 14)
    #expect(pair.b.next(at: .init(.seconds(14))) == .wait(.seconds(1)))
  }

  @Test func `a label on the lease is no renewal`() {
    var pair = Pair()
    pair.turn(\.a, at: 0)
    for second in stride(from: 0.0, through: 16, by: 2) {
      pair.leases.touch()
      pair.turn(\.b, at: second)
    }
    #expect(pair.leads(\.b, at: 16))
  }

  @Test func `a leader that finds its version outdated reads the lease at once and goes on`() {
    var pair = Pair()
    pair.turn(\.a, at: 0)
    pair.leases.touch()
    #expect(pair.turn(\.a, at: 2).count == 3)
    #expect(pair.leads(\.a, at: 11.9))
    #expect(pair.leases.lease?.spec.leaseTransitions == 0)
  }

  @Test func `a leader without the API server ends at its deadline, long before another begins`() {
    var pair = Pair()
    pair.turn(\.a, at: 0)
    pair.turn(\.b, at: 0)
    for second in stride(from: 2.0, through: 8, by: 2) {
      let asked = pair.turn(\.a, at: second, isReachable: false)
      #expect(!asked.isEmpty)
      #expect(pair.leads(\.a, at: second))
    }
    #expect(pair.a.next(at: .init(.seconds(9))) == .wait(.seconds(1)))
    #expect(!pair.leads(\.a, at: 10))
    pair.turn(\.b, at: 14.9)
    #expect(!pair.leads(\.b, at: 14.9))
  }

  @Test func `no request outlives the leadership`() {
    var pair = Pair()
    pair.turn(\.a, at: 0)
    guard case .send(_, let timeout) = pair.a.next(at: .init(.seconds(7))) else {
      Issue.record("nothing was asked")
      return
    }
    #expect(timeout == .seconds(3))
  }

  @Test func `an answer that comes late counts from when it was asked for`() {
    var pair = Pair()
    guard case .send(let request, let timeout) = pair.a.next(at: .init(.zero)) else { return }
    #expect(timeout == .seconds(5))
    pair.a.received(pair.leases.answer(request), at: .init(.seconds(4)))
    guard case .send(let create, _) = pair.a.next(at: .init(.seconds(4))) else { return }
    pair.a.received(pair.leases.answer(create), at: .init(.seconds(8)))
    #expect(pair.leads(\.a, at: 13.9))
    #expect(!pair.leads(\.a, at: 14))
  }

  @Test func `a write whose answer was lost is found out about, and is no transition`() {
    var pair = Pair()
    pair.turn(\.a, at: 0)
    guard case .send(let request, _) = pair.a.next(at: .init(.seconds(2))) else { return }
    _ = pair.leases.answer(request)
    pair.a.received(.failed, at: .init(.seconds(7)))
    pair.turn(\.a, at: 7)
    #expect(pair.leads(\.a, at: 16.9))
    #expect(pair.leases.lease?.spec.leaseTransitions == 0)
  }

  @Test func `whose lease was taken leads no more as soon as it knows`() {
    var pair = Pair()
    pair.turn(\.a, at: 0)
    let version = pair.leases.lease?.metadata.resourceVersion ?? ""
    let other = Lease.Spec(
      holderIdentity: "c", leaseDurationSeconds: 15, acquireTime: nil, renewTime: "x", leaseTransitions: 1)
    _ = pair.leases.answer(.update(other, resourceVersion: version))
    pair.turn(\.a, at: 2)
    #expect(!pair.leads(\.a, at: 2))
    #expect(pair.a.holder == "c")
  }

  @Test func `a deleted lease does not end the term of its holder, who makes it anew`() {
    var pair = Pair()
    pair.turn(\.a, at: 0)
    pair.turn(\.b, at: 0)
    pair.leases.delete()
    pair.turn(\.b, at: 2)
    #expect(!pair.leads(\.b, at: 2))
    pair.turn(\.a, at: 2)
    #expect(pair.leads(\.a, at: 11.9))
    #expect(pair.leases.lease?.holder == "a")
    // And where its holder is gone too, it is made by another in time.
    pair.leases.delete()
    for second in stride(from: 4.0, through: 17, by: 1) { pair.turn(\.b, at: second) }
    #expect(pair.leads(\.b, at: 17))
  }

  @Test func `a lease that was given back is taken at the next look`() {
    var pair = Pair()
    pair.turn(\.a, at: 0)
    pair.turn(\.b, at: 0)
    pair.a.resign(at: .init(.seconds(1)))
    #expect(!pair.leads(\.a, at: 1))
    #expect(pair.turn(\.a, at: 1).count == 1)
    #expect(pair.a.next(at: .init(.seconds(1))) == .done)
    #expect(pair.leases.lease?.holder == nil)
    #expect(pair.leases.lease?.spec.leaseDurationSeconds == 1)
    pair.turn(\.b, at: 2)
    #expect(pair.leads(\.b, at: 2))
    #expect(pair.leases.lease?.spec.leaseTransitions == 1)
  }

  @Test func `a lease is given back also where the last renewal was cut off`() {
    var pair = Pair()
    pair.turn(\.a, at: 0)
    guard case .send(let request, _) = pair.a.next(at: .init(.seconds(2))) else { return }
    _ = pair.leases.answer(request)
    pair.a.received(.failed, at: .init(.seconds(2)))
    pair.a.resign(at: .init(.seconds(2)))
    pair.turn(\.a, at: 2)
    #expect(pair.leases.lease?.holder == nil)
  }

  @Test func `who does not hold the lease has nothing to give back`() {
    var pair = Pair()
    pair.turn(\.a, at: 0)
    pair.turn(\.b, at: 0)
    pair.b.resign(at: .init(.seconds(1)))
    #expect(pair.turn(\.b, at: 1).isEmpty)
    #expect(pair.leases.lease?.holder == "a")
  }

  @Test func `who may not use the lease tries again, and does not lead`() {
    var pair = Pair()
    #expect(pair.turn(\.a, at: 0, isReachable: false) == [.read])
    #expect(pair.a.next(at: .init(.zero)) == .wait(.seconds(2)))
    #expect(!pair.leads(\.a, at: 0))
  }
}
