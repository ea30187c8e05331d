import EventLoop
import Kubernetes
import Testing

@testable import metrics_router_server

@Suite struct ReviewRetryTests {
  private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)

  private func transport(_ kind: TransportError.Kind) -> APIError {
    .transport(TransportError(kind, operation: "POST", message: "test"))
  }

  private func status(_ code: Int, retryAfter seconds: Int? = nil) -> APIError {
    .status(
      Status(code: code, reason: nil, message: "test", details: seconds.map { .init(retryAfterSeconds: $0) }))
  }

  @Test func `a connection that broke off is tried again, three times, ever later`() {
    var retry = ReviewRetry(from: start)
    #expect(retry.wait(after: transport(.broken), at: start, chance: 0) == .milliseconds(500))
    #expect(retry.wait(after: transport(.broken), at: start, chance: 0) == .milliseconds(750))
    #expect(retry.wait(after: transport(.broken), at: start, chance: 0) == .milliseconds(1125))
    #expect(retry.wait(after: transport(.broken), at: start, chance: 0) == nil)
  }

  @Test func `the waits stay below three seconds whatever the chance`() {
    var retry = ReviewRetry(from: start)
    var whole = Duration.zero
    while let wait = retry.wait(after: status(500), at: start, chance: 1) { whole += wait }
    #expect(whole > .milliseconds(2800))
    #expect(whole <= .seconds(3))
  }

  @Test(arguments: [429, 500, 504]) func `a server that may recover is asked again`(_ code: Int) {
    var retry = ReviewRetry(from: start)
    #expect(retry.wait(after: status(code), at: start, chance: 0) != nil)
  }

  @Test(arguments: [400, 401, 403, 404, 422, 503]) func `a refusal is final`(_ code: Int) {
    var retry = ReviewRetry(from: start)
    #expect(retry.wait(after: status(code), at: start, chance: 0) == nil)
  }

  @Test func `who cannot be reached, or not be understood, is not asked again`() {
    for kind in [TransportError.Kind.unreachable, .tls, .timeout, .cancelled, .local] {
      var retry = ReviewRetry(from: start)
      #expect(retry.wait(after: transport(kind), at: start, chance: 0) == nil)
    }
    var retry = ReviewRetry(from: start)
    #expect(retry.wait(after: .undecodable(operation: "POST", message: ""), at: start, chance: 0) == nil)
  }

  @Test func `the time that the server names is kept, unless it is too long to wait for`() {
    var retry = ReviewRetry(from: start)
    #expect(retry.wait(after: status(503, retryAfter: 2), at: start, chance: 0) == .seconds(2))
    #expect(retry.wait(after: status(503, retryAfter: 2), at: start, chance: 0) == nil)
  }

  @Test func `all attempts together have ten seconds`() {
    var retry = ReviewRetry(from: start)
    #expect(retry.timeout(at: start) == .seconds(10))
    #expect(retry.timeout(at: start + .seconds(7)) == .seconds(3))
    #expect(retry.wait(after: transport(.broken), at: start + .milliseconds(9600), chance: 0) == nil)
  }
}
