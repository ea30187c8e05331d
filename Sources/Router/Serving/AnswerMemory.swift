import HTTP
import Telemetry

/// What answers that are on their way may take in the whole process, one half for each way.
struct AnswerMemory: Sendable {
  /// Of those that sources are sending.
  let received: HeldBytes
  /// Of those that callers have not read yet.
  let unsent: HeldBytes

  /// `limit` in bytes, for each of the two.
  init(limit: Int) {
    received = HeldBytes(limit: limit)
    unsent = HeldBytes(limit: limit)
  }

  func describe(in registry: MetricsRegistry) {
    registry.gauge(
      "metrics_router_answers_received_bytes",
      help: "Taken by answers that sources are sending; at most half of --max-answer-memory."
    ) { [received] in Double(received.value) }
    registry.gauge(
      "metrics_router_answers_unsent_bytes",
      help:
        "Taken by answers that callers have not read yet; above half of --max-answer-memory others are answered 429."
    ) { [unsent] in Double(unsent.value) }
  }
}
