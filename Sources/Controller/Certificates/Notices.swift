/// What was said of each topic, so that what stays as it is is not said again and again.
struct Notices<Topic: Hashable & Sendable>: Sendable {
  private static var interval: Duration { .seconds(3600) }

  private var last: [Topic: (text: String, at: ContinuousClock.Instant)] = [:]

  /// Whether to say `text` now: it is news, or was last said an hour ago.
  mutating func isDue(_ topic: Topic, _ text: String, at now: ContinuousClock.Instant) -> Bool {
    if let known = last[topic], known.text == text, now - known.at < Self.interval { return false }
    last[topic] = (text, now)
    return true
  }

  /// There is nothing to say any more; whether there was.
  mutating func clear(_ topic: Topic) -> Bool { last.removeValue(forKey: topic) != nil }
}
