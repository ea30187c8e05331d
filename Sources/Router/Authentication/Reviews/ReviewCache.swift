import EventLoop

/// The answers that one worker remembers for itself, in front of those that all share: a hit takes no lock and touches
/// nothing of another core. Belongs to one event loop.
final class ReviewCache<Question: Hashable & Sendable, Answer: Sendable> {
  typealias Remembered = SharedReviews<Question, Answer>.Remembered

  private let shared: SharedReviews<Question, Answer>
  private let loop: EventLoop
  private var table: ReviewTable<Question, Answer>

  init(_ shared: SharedReviews<Question, Answer>, bounds: ReviewTable<Question, Answer>.Bounds, loop: EventLoop) {
    self.shared = shared
    self.loop = loop
    table = ReviewTable(bounds)
  }

  /// The remembered answer, that of a question already under way, or that of `ask`.
  func answer(
    to question: Question, caller: Int, ask: @escaping @Sendable () async throws(ReviewFailure) -> Answer
  ) async throws(ReviewFailure) -> Remembered {
    if let known = table.answer(to: question, at: loop.now) {
      countHit()
      return Remembered(answer: known.answer, expires: known.expires)
    }
    let found = try await shared.answer(to: question, caller: caller, on: loop, ask: ask)
    table.insert(
      question, found.answer, size: shared.policy.size(question, found.answer), expires: found.expires, at: loop.now)
    return found
  }

  /// For an answer that the caller has remembered by itself.
  func countHit() { shared.observer?.observed(.hit(shared.policy.kind)) }
}
