import EventLoop
import Kubernetes

/// How often a review is tried, and for how long (`WithExponentialBackoff` of `k8s.io/apiserver/pkg/util/webhook`): again
/// after half a second and 1.5 times as long each time, only where the failure may be gone then: the connection broke
/// off, the server says 429, 500 or 504, or names a time to come again. Not where it cannot be reached: it is down, and
/// callers are better told at once. One attempt fewer than upstream's five, so that the waits stay below three seconds,
/// and its ten seconds for everything. A value apart from clocks and chance.
struct ReviewRetry: Sendable {
  private static let attempts = 4
  private static let firstWait = Duration.milliseconds(500)
  private static let longestWait = Duration.seconds(3)
  private static let whole = Duration.seconds(10)

  private let deadline: MonotonicTime
  private var failed = 0
  private var waited = Duration.zero

  init(from start: MonotonicTime) { deadline = start + Self.whole }

  /// For the next attempt, all that is left.
  func timeout(at now: MonotonicTime) -> Duration { max(.milliseconds(1), deadline.since(now)) }

  /// How long to wait before the next attempt; nil where there is to be none. `chance` is from 0 to 1.
  mutating func wait(after error: APIError, at now: MonotonicTime, chance: Double) -> Duration? {
    failed += 1
    guard failed < Self.attempts, Self.mayPass(error) else { return nil }
    var wait = Self.firstWait
    for _ in 1..<failed { wait = wait * 3 / 2 }
    wait = wait * (1 + 0.2 * chance)
    if case .status(let status) = error, let seconds = status.details?.retryAfterSeconds {
      wait = max(wait, .seconds(seconds))
    }
    guard waited + wait <= Self.longestWait, now + wait < deadline else { return nil }
    waited += wait
    return wait
  }

  private static func mayPass(_ error: APIError) -> Bool {
    switch error {
    case .transport(let error): error.kind == .broken
    case .status(let status):
      status.code == 429 || status.code == 500 || status.code == 504 || status.details?.retryAfterSeconds != nil
    case .undecodable: false
    }
  }

  /// The answer of the first attempt that succeeds. `attempt` is given the time that it may take.
  static func ask<Answer: Sendable>(
    _ attempt: (Duration) async throws(APIError) -> Answer
  ) async throws(ReviewFailure) -> Answer {
    var retry = ReviewRetry(from: .now())
    while true {
      do throws(APIError) {
        return try await attempt(retry.timeout(at: .now()))
      } catch {
        guard let wait = retry.wait(after: error, at: .now(), chance: .random(in: 0...1)) else {
          throw .unanswered("\(error)")
        }
        try? await Task.sleep(for: wait)
      }
    }
  }
}
