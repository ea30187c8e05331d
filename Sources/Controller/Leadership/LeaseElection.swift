import Kubernetes

/// One replica's part in the election of a leader by a Lease, as `k8s.io/client-go/tools/leaderelection` plays it: who
/// holds the Lease leads, and renews it; the others take it once it has not changed for as long as it says. A value apart
/// from I/O and clocks: it says what to ask of the API server, and is told the answers.
///
/// Times are read from this machine's monotonic clock alone. When a lease runs out counts from when this replica first
/// saw it as it is, which is never before it was written; and how long this replica leads counts from when it began to
/// ask for it, which is never after. So clocks need not agree, as long as they run at the same speed; and as
/// ``Timing/renewDeadline`` is shorter than ``Timing/leaseDuration``, the former leader has ended before the next begins.
/// That holds too where somebody deletes the lease, unless a replica starts just then and knows of none.
struct LeaseElection: Sendable {
  /// `--leader-elect-lease-duration` and its kin.
  struct Timing: Sendable, Equatable {
    /// How long others leave the lease to a holder that does not renew it. Whole seconds.
    var leaseDuration = Duration.seconds(15)
    /// How long this replica leads without having renewed it.
    var renewDeadline = Duration.seconds(10)
    /// From one attempt to the next.
    var retryPeriod = Duration.seconds(2)

    /// Of one request: a deadline has time for a second one.
    var requestTimeout: Duration { renewDeadline / 2 }
  }

  enum Request: Sendable, Equatable {
    case read
    case create(Lease.Spec)
    /// Refused as a conflict where the lease is not of this version any more.
    case update(Lease.Spec, resourceVersion: String)
  }

  enum Answer: Sendable {
    /// The lease as it was read, or as the write has left it.
    case lease(Lease)
    /// There is no such lease.
    case absent
    /// Somebody else has written it since it was read, or has created it first.
    case conflict
    /// Refused, or not answered: nobody knows whether a write was done.
    case failed
  }

  enum Step: Sendable, Equatable {
    case send(Request, timeout: Duration)
    case wait(Duration)
    /// After ``resign()``: nothing is left to be done.
    case done
  }

  /// The moment at which an attempt is made: by the monotonic clock, and as people read it.
  struct Moment: Sendable {
    var time: Duration
    /// ``Lease/microTime(_:)``
    var written: String
    /// From 0 to 1.
    var chance: Double
  }

  private enum Stage: Sendable {
    case idle(until: Duration)
    case due(Request)
    case awaiting(Request, since: Duration)
  }

  let identity: String
  let timing: Timing
  private var stage = Stage.idle(until: .zero)
  /// The lease as it was last seen, since when it says what it says, and whether it was still there.
  private var seen: (lease: Lease, since: Duration, exists: Bool)?
  /// Until when another may lead who was seen to hold the lease of this UID, whatever has become of that since.
  private var others: (until: Duration, uid: String?)?
  /// While it leads: until when, without another renewal.
  private var leadsUntil: Duration?
  private var isResigning = false
  /// The last request was not answered, or somebody was faster: the lease may be another one than was seen.
  private var hasMissedNews = false
  /// Whether the version has been read anew in this attempt.
  private var hasReread = false

  init(identity: String, timing: Timing) {
    self.identity = identity
    self.timing = timing
  }

  /// Until when this replica leads, by the monotonic clock; nil where it does not.
  func leads(at now: Duration) -> Duration? { leadsUntil.flatMap { now < $0 ? $0 : nil } }

  /// Who was last seen to hold the lease; nil where nobody was.
  var holder: String? { seen.flatMap { $0.exists ? $0.lease.holder : nil } }

  // MARK: What to do

  /// What to do at `now`. After a request is returned, its answer is to be told before the next step is asked for.
  mutating func next(at now: Moment) -> Step {
    if let leadsUntil, now.time >= leadsUntil { self.leadsUntil = nil }
    switch stage {
    case .awaiting(let request, since: _), .due(let request): return send(request, now.time)
    case .idle where isResigning: return .done
    case .idle(let until):
      if now.time < until { return .wait(min(until, leadsUntil ?? until) - now.time) }
      hasReread = false
      // Nobody else writes it while this replica leads, so that what was read last is what is there.
      guard leadsUntil != nil, let seen, seen.exists, let version = seen.lease.metadata.resourceVersion else {
        return send(.read, now.time)
      }
      return send(.update(claim(now), resourceVersion: version), now.time)
    }
  }

  private mutating func send(_ request: Request, _ now: Duration) -> Step {
    stage = .awaiting(request, since: now)
    let rest = leadsUntil.map { $0 - now } ?? timing.requestTimeout
    return .send(request, timeout: min(rest, timing.requestTimeout))
  }

  /// The lease as this replica wants it to be.
  private func claim(_ now: Moment) -> Lease.Spec {
    let former = seen?.lease
    let isOurs = former?.holder == identity
    let transitions = former?.spec.leaseTransitions ?? 0
    return Lease.Spec(
      holderIdentity: identity, leaseDurationSeconds: Int(timing.leaseDuration.components.seconds),
      acquireTime: isOurs ? former?.spec.acquireTime ?? now.written : now.written, renewTime: now.written,
      leaseTransitions: isOurs || former == nil ? transitions : transitions + 1)
  }

  // MARK: What came of it

  /// What the API server has answered to the request of the last step.
  mutating func received(_ answer: Answer, at now: Moment) {
    guard case .awaiting(let request, let began) = stage else { return }
    if let leadsUntil, now.time >= leadsUntil { self.leadsUntil = nil }
    defer {
      switch answer {
      case .lease, .absent: hasMissedNews = false
      case .conflict, .failed: hasMissedNews = true
      }
    }
    switch (answer, request) {
    case (.lease(let lease), .read):
      see(lease, now.time)
      decide(began, now)
    case (.lease(let lease), _):
      see(lease, now.time)
      if lease.holder == identity, !isResigning {
        leadsUntil = began + timing.renewDeadline
        stage = .idle(until: began + timing.retryPeriod)
      } else {
        leadsUntil = nil
        pause(from: began, now)
      }
    case (.absent, _):
      miss(now.time)
      decide(began, now)
    case (.conflict, .update) where !hasReread && (leadsUntil != nil || isResigning):
      hasReread = true
      stage = .due(.read)
    case (.conflict, _), (.failed, _): pause(from: began, now)
    }
  }

  private mutating func see(_ lease: Lease, _ now: Duration) {
    let uid = lease.metadata.uid
    if let seen, seen.lease.metadata.uid != uid { miss(now) }
    // Another label is no renewal: only what the spec says counts.
    let isNews = seen.map { !$0.exists || $0.lease.spec != lease.spec } ?? true
    let since = isNews ? now : seen?.since ?? now
    seen = (lease, since, true)
    if lease.holder == nil {
      if others?.uid == uid { others = nil }
    } else if lease.holder != identity {
      let end = since + duration(of: lease)
      if others.map({ $0.uid == uid || $0.until < end }) ?? true { others = (end, uid) }
    }
  }

  /// Who deletes a lease does not end the term of its holder, who does not know of it yet, and may have taken or renewed
  /// it since this replica last looked. What becomes of another lease of its name does not either.
  private mutating func miss(_ now: Duration) {
    guard let seen, seen.exists || hasMissedNews else { return }
    self.seen?.exists = false
    guard leadsUntil == nil else { return }
    others = (now + max(duration(of: seen.lease), timing.leaseDuration), seen.lease.metadata.uid)
  }

  private func duration(of lease: Lease) -> Duration {
    lease.spec.leaseDurationSeconds.map(Duration.seconds) ?? timing.leaseDuration
  }

  /// After the lease was read, or found to be absent.
  private mutating func decide(_ began: Duration, _ now: Moment) {
    if isResigning { return stage = resignation(now).map(Stage.due) ?? .idle(until: now.time) }
    if let holder, holder != identity { leadsUntil = nil }
    if leadsUntil == nil, let others, now.time < others.until {
      return pause(from: began, now, atMost: others.until)
    }
    guard let seen, seen.exists, let version = seen.lease.metadata.resourceVersion else {
      return stage = .due(.create(claim(now)))
    }
    stage = .due(.update(claim(now), resourceVersion: version))
  }

  /// Until the next attempt. The leader's come at the same distance; those of the others vary, so that they do not all
  /// come at once, and fall on the moment at which the lease runs out.
  private mutating func pause(from began: Duration, _ now: Moment, atMost expiry: Duration? = nil) {
    let period = leadsUntil == nil ? timing.retryPeriod * (0.5 + 0.5 * max(0, min(1, now.chance))) : timing.retryPeriod
    // After a request that took its time the next one comes at once, if this is the leader's, whose time runs.
    let earliest = leadsUntil == nil ? now.time + period : max(now.time, began + period)
    stage = .idle(until: expiry.map { max(now.time, min(earliest, $0)) } ?? earliest)
  }

  // MARK: The end

  /// Ends the leadership at once. The steps from here on give the lease back, where this replica holds it, so that
  /// another need not wait until it runs out. What the leader does must have ended before.
  mutating func resign(at now: Moment) {
    isResigning = true
    leadsUntil = nil
    hasReread = false
    stage = hasMissedNews ? .due(.read) : resignation(now).map(Stage.due) ?? .idle(until: now.time)
  }

  /// As client-go gives it back: nobody holds it, for a second.
  private func resignation(_ now: Moment) -> Request? {
    guard let seen, seen.exists, seen.lease.holder == identity, let version = seen.lease.metadata.resourceVersion else {
      return nil
    }
    let spec = Lease.Spec(
      holderIdentity: nil, leaseDurationSeconds: 1, acquireTime: now.written, renewTime: now.written,
      leaseTransitions: seen.lease.spec.leaseTransitions ?? 0)
    return .update(spec, resourceVersion: version)
  }
}
