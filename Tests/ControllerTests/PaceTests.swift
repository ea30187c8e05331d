import Testing

@testable import metrics_router_controller

@Suite struct PaceTests {
  private let start = ContinuousClock.now

  @Test func `what has never been done waits only for others at the same time`() {
    #expect(Pace(debounce: .milliseconds(100), restFactor: 2).delay(at: start) == .milliseconds(100))
  }

  @Test func `work that takes long is followed by a rest in proportion`() {
    var pace = Pace(debounce: .milliseconds(100), restFactor: 2)
    let end = start + .seconds(3)
    pace.worked(from: start, to: end)
    #expect(pace.delay(at: end) == .seconds(6))
    #expect(pace.delay(at: end + .seconds(5)) == .seconds(1))
  }

  @Test func `after the rest, and after short work, only the debounce is left`() {
    var pace = Pace(debounce: .milliseconds(100), restFactor: 2)
    pace.worked(from: start, to: start + .seconds(3))
    #expect(pace.delay(at: start + .seconds(60)) == .milliseconds(100))
    pace.worked(from: start, to: start + .milliseconds(1))
    #expect(pace.delay(at: start + .milliseconds(1)) == .milliseconds(100))
  }
}
