import Kubernetes
import Testing

@testable import metrics_router_controller

/// Whatever goes wrong, never do two lead at once, and in the end one does.
@Suite struct RandomElectionTests {
  /// Replicas on one clock, whose requests take their time, get lost on either way, and arrive late.
  private struct Simulation {
    struct Replica {
      var election: LeaseElection
      var isAlive = true
      /// The answer that is on its way, and when it comes.
      var answer: (LeaseElection.Answer, due: Duration)?
      var wakes = Duration.zero
      var isCutOff = false
      var hasSeenLease = false
      let skew: Duration
    }

    /// A request that reaches the server after its sender has given it up.
    struct Straggler {
      var request: LeaseElection.Request
      var due: Duration
    }

    var leases = ModelLeases()
    var replicas: [Replica] = []
    var stragglers: [Straggler] = []
    var now = Duration.zero
    var random: SeededGenerator
    var born = 0
    var deletedAt: Duration?
    var isFriendly = false
    var leaders: Set<String> = []

    init(seed: UInt64) {
      random = SeededGenerator(state: seed)
      for _ in 0..<3 { join() }
    }

    mutating func chance(_ percent: Int) -> Bool { !isFriendly && Int.random(in: 0..<100, using: &random) < percent }

    mutating func join() {
      born += 1
      let skew = Duration.seconds(Int.random(in: -3600...3600, using: &random))
      replicas.append(Replica(election: LeaseElection(identity: "r\(born)", timing: .init()), wakes: now, skew: skew))
    }

    func moment(_ index: Int, _ chance: Double) -> LeaseElection.Moment {
      .init(now, skew: replicas[index].skew, chance: chance)
    }

    mutating func misfortune() {
      if chance(2), let index = replicas.indices.randomElement(using: &random) { replicas[index].isCutOff.toggle() }
      if chance(1), let index = replicas.indices.randomElement(using: &random) { replicas[index].isAlive = false }
      // Who starts while the lease is gone cannot know that somebody leads: nobody deletes it while one starts.
      let isLeaseKnown = leases.lease != nil || deletedAt.map { now - $0 > .seconds(15) } ?? true
      if replicas.count(where: \.isAlive) < 3, isLeaseKnown { join() }
      // Nor twice between two looks of those who wait.
      if chance(1), replicas.allSatisfy(\.hasSeenLease), deletedAt.map({ now - $0 > .seconds(40) }) ?? true {
        leases.delete()
        deletedAt = now
      }
      if chance(1) { leases.touch() }
      replicas.removeAll { !$0.isAlive }
    }

    mutating func turn(_ index: Int) {
      let chance = Double.random(in: 0...1, using: &random)
      if let (answer, due) = replicas[index].answer {
        guard due <= now else { return }
        replicas[index].answer = nil
        if case .lease = answer { replicas[index].hasSeenLease = true }
        replicas[index].election.received(answer, at: moment(index, chance))
      }
      guard replicas[index].wakes <= now else { return }
      switch replicas[index].election.next(at: moment(index, chance)) {
      case .done: replicas[index].isAlive = false
      case .wait(let duration): replicas[index].wakes = now + duration
      case .send(let request, let timeout): send(request, timeout, index)
      }
      if self.chance(1), replicas[index].answer == nil {
        replicas[index].election.resign(at: moment(index, chance))
        replicas[index].wakes = now
      }
    }

    mutating func send(_ request: LeaseElection.Request, _ timeout: Duration, _ index: Int) {
      replicas[index].wakes = now
      if replicas[index].isCutOff && !isFriendly || chance(10) {
        // Lost on its way there, or late.
        if chance(50) {
          stragglers.append(
            .init(request: request, due: now + .milliseconds(Int.random(in: 0...40_000, using: &random))))
        }
        replicas[index].answer = (.failed, now + (chance(50) ? timeout : .zero))
        return
      }
      let answer = leases.answer(request)
      let delay = Duration.milliseconds(chance(20) ? Int.random(in: 0...8000, using: &random) : 20)
      // Lost on its way back, or too late.
      replicas[index].answer = chance(5) || delay > timeout ? (.failed, now + timeout) : (answer, now + delay)
    }

    mutating func run(for duration: Duration) -> String? {
      let end = now + duration
      while now < end {
        misfortune()
        for index in stragglers.indices where stragglers[index].due <= now {
          _ = leases.answer(stragglers[index].request)
        }
        stragglers.removeAll { [now] in $0.due <= now }
        for index in replicas.indices.shuffled(using: &random) {
          turn(index)
          let leading = replicas.filter { $0.isAlive && $0.election.leads(at: now) != nil }.map(\.election.identity)
          if leading.count > 1 { return "\(leading) lead at \(now)" }
          leaders.formUnion(leading)
        }
        now += .milliseconds(Int.random(in: 10...500, using: &random))
      }
      return nil
    }
  }

  @Test func `in five hundred random sequences never two lead, and in the end one does`() async {
    var changes = 0
    for seed in 0..<500 {
      // Other tests run on the same few threads.
      await Task.yield()
      var simulation = Simulation(seed: UInt64(seed))
      if let problem = simulation.run(for: .seconds(90)) {
        Issue.record("seed \(seed): \(problem)")
        return
      }
      changes += simulation.leaders.count
      simulation.isFriendly = true
      _ = simulation.run(for: .seconds(60))
      guard simulation.replicas.count(where: { $0.election.leads(at: simulation.now) != nil }) == 1 else {
        Issue.record("seed \(seed): nobody leads in the end")
        return
      }
    }
    #expect(changes > 900)
  }
}

/// A small generator with a seed, so that a failure can be repeated (Steele, Lea, Flood: SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
