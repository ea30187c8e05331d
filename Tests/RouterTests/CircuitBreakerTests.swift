import EventLoop
import Testing

@testable import metrics_router_server

@Suite struct CircuitBreakerTests {
  private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)

  private func opened(failures: Int = 3) -> CircuitBreaker {
    var breaker = CircuitBreaker(
      CircuitBreaker.Settings(failures: failures, pause: .seconds(5), longest: .seconds(12)))
    for _ in 0..<failures {
      #expect(breaker.timeToWait(at: start) == nil)
      breaker.failed("refused", at: start)
    }
    return breaker
  }

  @Test func `failures in a row open it, and a success between them starts the count again`() {
    var breaker = CircuitBreaker(CircuitBreaker.Settings(failures: 2, pause: .seconds(5)))
    breaker.failed("refused", at: start)
    breaker.succeeded()
    breaker.failed("refused", at: start)
    #expect(breaker.state(at: start) == .closed)
    breaker.failed("refused", at: start)
    #expect(breaker.state(at: start) == .open)
    #expect(breaker.timeToWait(at: start) == .seconds(5))
    #expect(breaker.lastFailure == "refused")
  }

  @Test func `after the pause one request tries, and the others wait for what becomes of it`() {
    var breaker = opened()
    let later = start + .seconds(5)
    #expect(breaker.state(at: later) == .halfOpen)
    #expect(breaker.timeToWait(at: later) == nil)
    #expect(breaker.timeToWait(at: later) != nil)
    breaker.succeeded()
    #expect(breaker.state(at: later) == .closed)
    #expect(breaker.timeToWait(at: later) == nil)
    #expect(breaker.timeToWait(at: later) == nil)
  }

  @Test func `where no request comes to try, it is not told of for ever`() {
    var breaker = opened()
    #expect(breaker.isInForce(at: start))
    #expect(breaker.isInForce(at: start + .seconds(5 + 59)))
    #expect(!breaker.isInForce(at: start + .seconds(5 + 60)))
    // It is as it was for the one that comes.
    #expect(breaker.state(at: start + .seconds(600)) == .halfOpen)
    #expect(breaker.timeToWait(at: start + .seconds(600)) == nil)
    #expect(breaker.isInForce(at: start + .seconds(600)))
    breaker.succeeded()
    #expect(!breaker.isInForce(at: start + .seconds(600)))
  }

  @Test func `each failed attempt makes the pause longer, up to a bound, and a success makes it short again`() {
    var breaker = opened()
    var now = start
    for pause in [5, 10, 12, 12] {
      #expect(breaker.timeToWait(at: now) == .seconds(pause))
      now = now + .seconds(pause)
      #expect(breaker.timeToWait(at: now) == nil)
      breaker.failed("refused", at: now)
    }
    now = now + .seconds(12)
    #expect(breaker.timeToWait(at: now) == nil)
    breaker.succeeded()
    for _ in 0..<3 { breaker.failed("refused", at: now) }
    #expect(breaker.timeToWait(at: now) == .seconds(5))
  }

  @Test func `a failure of a request sent before it opened does not prolong the pause`() {
    var breaker = opened()
    breaker.failed("timed out", at: start + .seconds(4))
    #expect(breaker.timeToWait(at: start + .seconds(5)) == nil)
  }

  @Test func `an attempt that says nothing of the source makes room for the next`() {
    var breaker = opened()
    let later = start + .seconds(5)
    #expect(breaker.timeToWait(at: later) == nil)
    breaker.abandoned()
    #expect(breaker.timeToWait(at: later) == nil)
  }

  @Test func `without a bound it never opens`() {
    var breaker = CircuitBreaker(CircuitBreaker.Settings(failures: 0))
    for _ in 0..<1000 { breaker.failed("refused", at: start) }
    #expect(breaker.timeToWait(at: start) == nil)
  }
}
