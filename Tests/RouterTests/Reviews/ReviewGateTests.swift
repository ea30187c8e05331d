import EventLoop
import Testing

@testable import metrics_router_server

@Suite struct ReviewGateTests {
  private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)

  @Test func `no more questions are under way than there are places`() {
    var gate = ReviewGate(.init(places: 3, placesOfCaller: 3))
    for caller in 0..<3 { #expect(gate.enter(caller, at: start) == .zero) }
    #expect(gate.enter(3, at: start) == nil)
    gate.leave(1)
    #expect(gate.enter(3, at: start) == .zero)
    #expect(gate.underWay == 3)
  }

  @Test func `one caller leaves places for the others`() {
    var gate = ReviewGate(.init(places: 4, placesOfCaller: 2))
    #expect(gate.enter(7, at: start) != nil)
    #expect(gate.enter(7, at: start) != nil)
    #expect(gate.enter(7, at: start) == nil)
    #expect(gate.enter(8, at: start) != nil)
    gate.leave(7)
    #expect(gate.enter(7, at: start) != nil)
  }

  @Test func `a burst begins at once, the rest at the pace of the rate`() {
    var gate = ReviewGate(.init(places: 1000, placesOfCaller: 1000, perSecond: 200, burst: 400))
    let waits = (0..<600).map { _ in gate.enter(0, at: start) }
    #expect(waits[..<400].allSatisfy { $0 == .zero })
    #expect(waits[400] == .milliseconds(5))
    #expect(waits[599] == .seconds(1))
    #expect(gate.enter(0, at: start + .seconds(1)) == .milliseconds(5))
  }

  @Test func `after a quiet time a whole burst may begin again, and no more`() {
    var gate = ReviewGate(.init(places: 1000, placesOfCaller: 1000, perSecond: 200, burst: 400))
    for _ in 0..<400 { _ = gate.enter(0, at: start) }
    let later = start + .seconds(3600)
    let waits = (0..<401).map { _ in gate.enter(0, at: later) }
    #expect(waits[..<400].allSatisfy { $0 == .zero })
    #expect(waits[400] == .milliseconds(5))
  }

  @Test func `whoever finds a place waits half a second at most`() {
    var gate = ReviewGate(.init())
    var longest = Duration.zero
    for second in 0..<10 {
      for step in 0..<1000 {
        let now = start + .milliseconds(second * 1000 + step)
        if let wait = gate.enter(step % 4, at: now) { longest = max(longest, wait) }
        // Each of those under way is over after 5 milliseconds.
        if step % 5 == 0, gate.underWay > 0 { gate.leave(step % 4) }
      }
    }
    #expect(longest <= .milliseconds(500))
  }
}
