import Kubernetes

/// Keeps events few, by the rules and numbers of client-go (`k8s.io/client-go/tools/record/events_cache.go`): what happens
/// again is counted on its first event, what differs only in its message is combined from the tenth on, and of one object so
/// many events are told at most. A value apart from clocks: `now` is on any clock that only moves forward.
struct EventCorrelator: Sendable {
  /// Of each of its three memories (`maxLruCacheEntries`).
  static let capacity = 4096
  /// With so many messages of one reason in ``combiningInterval`` they become one event (`defaultAggregateMaxEvents`).
  static let combiningThreshold = 10
  /// Since the last one of that reason (`defaultAggregateIntervalInSeconds`).
  static let combiningInterval = Duration.seconds(600)
  /// Before the message of the latest of them (`EventAggregatorByReasonMessageFunc`).
  static let combinedPrefix = "(combined from similar events): "
  /// Of one object at once (`defaultSpamBurst`).
  static let burst = 25.0
  /// For one more of it (`defaultSpamQPS`).
  static let refillInterval = Duration.seconds(300)

  /// What is to be done with an event.
  enum Decision: Equatable {
    case create(Event)
    /// Count, time and message of one that was created before become those of this one.
    case patch(Event)
    /// Of its object too many have been told.
    case suppress
  }

  /// Component and kind are the same for all events here.
  private struct Subject: Hashable {
    var name: String
    var uid: String?
  }

  private struct Similar: Hashable {
    var subject: Subject
    var type: String
    var reason: String
  }

  private struct Same: Hashable {
    var similar: Similar
    /// Nil for the one that others are combined in.
    var message: String?
  }

  private struct Group {
    /// Hashes of the messages, of which a thousand bytes each need not be kept.
    var messages: Set<Int> = []
    var last: Duration
  }

  private struct Told {
    var name: String?
    var firstTimestamp: String?
    var count: Int
  }

  private struct Bucket {
    var tokens = EventCorrelator.burst
    var filledAt: Duration
  }

  private var groups: RecentlyUsed<Similar, Group>
  private var told: RecentlyUsed<Same, Told>
  private var buckets: RecentlyUsed<Subject, Bucket>

  /// `capacity` is another for tests alone.
  init(capacity: Int = EventCorrelator.capacity) {
    groups = RecentlyUsed(capacity: capacity)
    told = RecentlyUsed(capacity: capacity)
    buckets = RecentlyUsed(capacity: capacity)
  }

  /// Entries of all memories.
  var entryCount: Int { groups.count + told.count + buckets.count }

  /// Takes an event that happened now. One that is suppressed counts all the same, in the next one that is not.
  mutating func correlate(_ event: Event, at now: Duration) -> Decision {
    let subject = Subject(name: event.involvedObject.name, uid: event.involvedObject.uid)
    let similar = Similar(subject: subject, type: event.type, reason: event.reason)
    var event = event
    var key = Same(similar: similar, message: event.message)
    if combines(event.message, in: similar, at: now) {
      event.say(Self.combinedPrefix + event.message)
      key.message = nil
    }
    let former = told.value(of: key)
    if let former {
      event.metadata.name = former.name
      event.firstTimestamp = former.firstTimestamp
      event.count = former.count + 1
    }
    told.set(
      Told(name: event.metadata.name, firstTimestamp: event.firstTimestamp, count: event.count ?? 1), for: key)
    guard takes(subject, at: now) else { return .suppress }
    return former == nil ? .create(event) : .patch(event)
  }

  private mutating func combines(_ message: String, in similar: Similar, at now: Duration) -> Bool {
    var group = groups.value(of: similar) ?? Group(last: now)
    if now - group.last > Self.combiningInterval { group.messages = [] }
    group.messages.insert(message.hashValue)
    group.last = now
    let isFull = group.messages.count >= Self.combiningThreshold
    if isFull { group.messages.removeFirst() }
    groups.set(group, for: similar)
    return isFull
  }

  private mutating func takes(_ subject: Subject, at now: Duration) -> Bool {
    var bucket = buckets.value(of: subject) ?? Bucket(filledAt: now)
    bucket.tokens = min(Self.burst, bucket.tokens + (now - bucket.filledAt) / Self.refillInterval)
    bucket.filledAt = now
    let isAllowed = bucket.tokens >= 1
    if isAllowed { bucket.tokens -= 1 }
    buckets.set(bucket, for: subject)
    return isAllowed
  }
}
