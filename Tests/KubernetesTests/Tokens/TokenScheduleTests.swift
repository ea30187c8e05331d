import Testing

@testable import Kubernetes

@Suite struct TokenScheduleTests {
  private static let hours = Duration.seconds(3600)

  private func schedule(granted lifetime: Duration, at time: Duration = .zero, chance: Double = 0) -> TokenSchedule {
    var schedule = TokenSchedule(at: time)
    schedule.received(GrantedToken(text: "one", lifetime: lifetime), askedAt: time, chance: chance)
    return schedule
  }

  @Test func `the first token is asked for at once, and none is shown before it is there`() {
    var schedule = TokenSchedule(at: .seconds(5))
    #expect(schedule.next(at: .seconds(5)) == .ask)
    #expect(schedule.usable(at: .seconds(5)) == nil)
    #expect(schedule.remaining(at: .seconds(5)) == nil)
  }

  @Test func `the next one is asked for after a third of the time, a tenth of that at chance`() {
    var latest = schedule(granted: .seconds(7200), chance: 0)
    #expect(latest.next(at: .zero) == .wait(.seconds(2400)))
    #expect(latest.next(at: .seconds(2400)) == .ask)
    var earliest = schedule(granted: .seconds(7200), chance: 1)
    #expect(earliest.next(at: .zero) == .wait(.seconds(2160)))
  }

  /// Of what is asked for, and of the least that kube-apiserver lets one grant.
  @Test(arguments: [7200, 3600], [0.0, 0.5, 1.0])
  func `an API server that is away for half an hour leaves a token, whenever it goes`(seconds: Int, chance: Double) {
    for away in stride(from: 0, through: seconds / 3, by: 60) {
      var schedule = schedule(granted: .seconds(seconds), chance: chance)
      var now = Duration.seconds(away)
      let back = now + .seconds(1800)
      while now < back {
        #expect(schedule.usable(at: now) == "one")
        switch schedule.next(at: now) {
        case .ask: schedule.failed(at: now, chance: chance)
        case .wait(let wait): now += min(wait, back - now)
        case .ended: Issue.record("the token ended \(now) after it was asked for")
        }
      }
      #expect(schedule.usable(at: back) == "one")
    }
  }

  @Test func `the former token is shown until the next one comes`() {
    var schedule = schedule(granted: .seconds(600))
    schedule.failed(at: .seconds(200), chance: 1)
    #expect(schedule.usable(at: .seconds(500)) == "one")
    schedule.received(GrantedToken(text: "two", lifetime: .seconds(600)), askedAt: .seconds(500), chance: 0)
    #expect(schedule.usable(at: .seconds(500)) == "two")
    #expect(schedule.next(at: .seconds(500)) == .wait(.seconds(200)))
  }

  @Test func `no token is shown beyond its end, nor just before it, and its end is told once`() {
    var schedule = schedule(granted: .seconds(600))
    schedule.failed(at: .seconds(589), chance: 1)
    #expect(schedule.usable(at: .seconds(589)) == "one")
    #expect(schedule.remaining(at: .seconds(589)) == .seconds(1))
    #expect(schedule.usable(at: .seconds(590)) == nil)
    #expect(schedule.next(at: .milliseconds(589_500)) == .wait(.milliseconds(500)))
    #expect(schedule.next(at: .seconds(590)) == .ended)
    #expect(schedule.next(at: .seconds(590)) == .ask)
    #expect(schedule.usable(at: .zero) == nil)
  }

  @Test func `after failures it waits twice as long each time, up to a minute, and never no time at all`() {
    var schedule = TokenSchedule(at: .zero)
    var now = Duration.zero
    var waits: [Duration] = []
    for _ in 0..<8 {
      schedule.failed(at: now, chance: 1)
      guard case .wait(let wait) = schedule.next(at: now) else {
        Issue.record("it does not wait")
        return
      }
      waits.append(wait)
      now += wait
    }
    #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
    schedule.failed(at: now, chance: 0)
    #expect(schedule.next(at: now) == .wait(.milliseconds(200)))
  }

  @Test func `a token that is granted for next to no time is not asked for without end`() {
    var schedule = schedule(granted: .seconds(1))
    #expect(schedule.usable(at: .zero) == nil)
    #expect(schedule.next(at: .zero) == .ended)
    #expect(schedule.next(at: .zero) == .wait(.seconds(10)))
  }

  @Test func `a token that a backend refuses is renewed, at most once a minute`() {
    var schedule = schedule(granted: .seconds(7200))
    let isSooner = schedule.refused(at: .seconds(10))
    #expect(isSooner)
    #expect(schedule.next(at: .seconds(10)) == .wait(.seconds(50)))
    let isSoonerAgain = schedule.refused(at: .seconds(20))
    #expect(!isSoonerAgain)
    #expect(schedule.usable(at: .seconds(20)) == "one")
    #expect(schedule.next(at: .seconds(60)) == .ask)
    schedule.received(GrantedToken(text: "two", lifetime: .seconds(7200)), askedAt: .seconds(60), chance: 0)
    let isSoonerOnceMore = schedule.refused(at: .seconds(61))
    #expect(isSoonerOnceMore)
    #expect(schedule.next(at: .seconds(61)) == .wait(.seconds(59)))
  }

  @Test func `a backend that refuses the token does not shorten the wait after a request that failed`() {
    var schedule = schedule(granted: .seconds(7200))
    schedule.failed(at: .seconds(120), chance: 1)
    schedule.failed(at: .seconds(121), chance: 1)
    let isSooner = schedule.refused(at: .seconds(121))
    #expect(!isSooner)
    #expect(schedule.next(at: .seconds(121)) == .wait(.seconds(2)))
    // Once a token has come, the least wait is that between two of them again.
    schedule.received(GrantedToken(text: "two", lifetime: .seconds(7200)), askedAt: .seconds(123), chance: 0)
    let isSoonerThen = schedule.refused(at: .seconds(124))
    #expect(isSoonerThen)
    #expect(schedule.next(at: .seconds(124)) == .wait(.seconds(59)))
  }

  @Test func `where there has been no token, none is refused`() {
    var schedule = TokenSchedule(at: .zero)
    schedule.failed(at: .zero, chance: 1)
    let isSooner = schedule.refused(at: .zero)
    #expect(!isSooner)
    #expect(schedule.next(at: .zero) == .wait(.seconds(1)))
  }
}
