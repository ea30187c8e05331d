import HTTP
import Routing

/// What came of asking one source.
struct CandidateAttempt {
  /// What the caller is told, if this is the answer.
  let response: Response
  /// What may have the next candidate asked; nil where this is an answer.
  let outcome: FallThrough?
  /// Nil where the source could not even be prepared to be asked.
  let backend: Backend?
}
