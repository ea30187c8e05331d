import Testing

@testable import Kubernetes

/// Whatever happens on the way, the consumer ends up with the server's objects.
struct RandomWatchTests {
  private typealias Object = ModelServer.Object
  private typealias Machine = WatchMachine<Object>

  /// A consumer's store, and the connection between it and a model server on which everything goes wrong.
  private struct Simulation {
    var server = ModelServer()
    var machine = Machine()
    var store: [String: Object] = [:]
    var action: Machine.Action?
    var now = Duration.zero
    var random: SplitMix
    /// The list being paged: its objects yet to come, and its version.
    var paging: (rest: [Object], version: Int)?
    /// The last version delivered on the open watch.
    var cursor: Int?
    var isFriendly = false

    init(seed: UInt64) {
      random = SplitMix(state: seed)
      action = machine.start()
    }

    var isCaughtUp: Bool { action == nil && cursor == server.version }

    mutating func chance(_ percent: Int) -> Bool { !isFriendly && random.below(100) < percent }
    mutating func unit() -> Double { Double(random.next() >> 11) * 0x1p-53 }

    mutating func follow(_ step: Machine.Step) {
      switch step.event {
      case .replaced(let objects): store = Dictionary(uniqueKeysWithValues: objects.map { ($0.name, $0) })
      case .applied(let object): store[object.name] = object
      case .deleted(let object): store[object.name] = nil
      case nil: break
      }
      now += step.delay + .milliseconds(random.below(5000))
      if let next = step.next { (action, cursor) = (next, nil) }
    }

    mutating func mutate() {
      let name = "o\(random.below(6))"
      server.change(name, isDeletion: random.below(3) == 0)
      if chance(10) { server.forget() }
    }

    mutating func turn() {
      switch action {
      case .list(let version, let token): list(version, token)
      case .watch(let from): open(Int(from) ?? 0)
      case nil: deliver()
      }
    }

    private mutating func list(_ version: String, _ token: String?) {
      if chance(15) {
        let failures: [Machine.Failure] = [
          .broken, .refused(code: 410, retryAfterSeconds: nil), .refused(code: 429, retryAfterSeconds: 1),
          .refused(code: 500, retryAfterSeconds: nil), .refused(code: 400, retryAfterSeconds: nil),
        ]
        return follow(machine.listFailed(failures.randomElement(using: &random) ?? .broken, at: now, chance: unit()))
      }
      if token == nil {
        // From memory the answer may be old; a consistent one is not.
        let at = version == "0" ? Int.random(in: server.oldest...server.version, using: &random) : server.version
        paging = (server.state(at: at).values.sorted { $0.name < $1.name }, at)
      }
      let (rest, at) = paging ?? ([], server.version)
      let size = chance(50) ? 1 + random.below(3) : rest.count
      paging = (Array(rest.dropFirst(size)), at)
      follow(
        machine.received(
          page: Array(rest.prefix(size)), version: "\(at)", continueToken: rest.count > size ? "token" : nil, at: now,
          chance: unit()))
    }

    private mutating func open(_ from: Int) {
      action = nil
      if chance(10) { return follow(machine.watchFailed(.broken, at: now, chance: unit())) }
      if chance(5) {
        return follow(machine.watchFailed(.refused(code: 503, retryAfterSeconds: 2), at: now, chance: unit()))
      }
      if from < server.oldest {
        return follow(machine.watchFailed(.refused(code: 410, retryAfterSeconds: nil), at: now, chance: unit()))
      }
      machine.watchOpened(at: now)
      cursor = from
    }

    private mutating func deliver() {
      guard let last = cursor else { return }
      if chance(5) { return follow(machine.watchFailed(.broken, at: now, chance: unit())) }
      if chance(5) { return follow(machine.watchEnded(at: now, chance: unit())) }
      if chance(3) { return follow(machine.watchMisunderstood(at: now, chance: unit())) }
      if chance(3) {
        return follow(machine.watchFailed(.refused(code: 410, retryAfterSeconds: nil), at: now, chance: unit()))
      }
      guard var change = server.change(after: last) else {
        return follow(machine.receivedBookmark(version: "\(last)"))
      }
      cursor = change.version
      // Out of order: a later change first, this one after it.
      if chance(5), let later = server.change(after: change.version) {
        receive(later)
        if action == nil { receive(change) }
        return
      }
      receive(change)
      if chance(10), action == nil { receive(change) }
      // Told twice, the second time late.
      if chance(5), action == nil, let early = server.history.randomElement(using: &random) {
        change = early
        receive(change)
      }
    }

    private mutating func receive(_ change: ModelServer.Change) {
      let event: WatchEvent<Object> = change.isDeletion ? .deleted(change.object) : .applied(change.object)
      follow(machine.received(event, version: "\(change.version)", at: now, chance: unit()))
    }
  }

  @Test func tenThousandRandomSequencesEndWithTheServersObjects() async {
    for seed in 0..<10_000 {
      // Other tests run on the same few threads.
      await Task.yield()
      var simulation = Simulation(seed: UInt64(seed))
      for _ in 0..<60 {
        if simulation.chance(40) { simulation.mutate() }
        simulation.turn()
      }
      simulation.isFriendly = true
      for _ in 0..<80 where !simulation.isCaughtUp { simulation.turn() }
      #expect(simulation.isCaughtUp)
      let expected = simulation.server.state(at: simulation.server.version)
      guard simulation.store == expected else {
        Issue.record("seed \(seed): \(simulation.store) instead of \(expected)")
        return
      }
    }
  }
}

/// A small generator with a seed, so that a failure can be repeated (Steele, Lea, Flood: SplitMix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func below(_ bound: UInt64) -> Int { Int(next() % bound) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
