import FoundationEssentials
import Kubernetes
import Telemetry

/// Stands for election by a Lease of the API server, for as long as it runs: does what a ``LeaseElection`` says, and tells
/// the others of this process what comes of it.
actor LeaderElector {
  /// Which lease, and who asks for it.
  struct Candidacy: Sendable, CustomStringConvertible {
    var namespace: String
    var name: String
    /// Unique among all that ever ask for it: a process that starts again must not take itself for its predecessor.
    var identity: String

    var description: String { "\(namespace)/\(name)" }
  }

  private struct Creation: Encodable {
    var apiVersion = Lease.apiVersion
    var kind = Lease.kind
    var metadata: ObjectMeta
    var spec: Lease.Spec
  }

  /// A patch that names a version is refused where that is not the latest, and keeps what others wrote beside the spec.
  private struct Patch: Encodable {
    struct Version: Encodable {
      var resourceVersion: String
    }

    var metadata: Version
    var spec: Lease.Spec
  }

  /// Of a request that gives the lease back: the end of a process does not wait long for an API server that is away.
  private static let resignationTimeout = Duration.seconds(2)

  private let client: any APIClient
  private let candidacy: Candidacy
  private let leadership: Leadership
  private let metrics: LeadershipMetrics
  private let logger: Logger
  private let start = ContinuousClock.now
  private var election: LeaseElection
  private var isLeading = false
  /// Whom this replica follows.
  private var leader: String?
  /// Why the last attempt failed; nil where it did not.
  private var trouble: (cause: String, isForbidden: Bool)?

  init(
    client: any APIClient, candidacy: Candidacy, timing: LeaseElection.Timing, leadership: Leadership,
    metrics: LeadershipMetrics, logger: Logger
  ) {
    self.client = client
    self.candidacy = candidacy
    self.leadership = leadership
    self.metrics = metrics
    self.logger = logger
    election = LeaseElection(identity: candidacy.identity, timing: timing)
  }

  /// Runs until its task is cancelled. `tell` is told each time that this replica begins to lead or does so no longer, one
  /// after another.
  func run(tell: @Sendable (Bool) async -> Void) async {
    while !Task.isCancelled {
      switch election.next(at: now) {
      case .wait(let duration):
        await publish(tell)
        try? await Task.sleep(for: duration)
      case .send(let request, let timeout):
        await publish(tell)
        election.received(await answer(to: request, within: timeout), at: now)
        await publish(tell)
      case .done: return
      }
    }
  }

  /// After ``run(tell:)`` has ended: gives the lease back. All that the leader does must have ended.
  func resign() async {
    leadership.lead(until: nil)
    let led = isLeading
    isLeading = false
    election.resign(at: now)
    while case .send(let request, let timeout) = election.next(at: now) {
      election.received(await answer(to: request, within: min(timeout, Self.resignationTimeout)), at: now)
    }
    if led, election.holder == nil { logger.info("gave lease \(candidacy) back, so that another replica may lead") }
  }

  private var now: LeaseElection.Moment {
    .init(time: ContinuousClock.now - start, written: Lease.microTime(.now), chance: .random(in: 0...1))
  }

  /// What has changed since it was last told.
  private func publish(_ tell: @Sendable (Bool) async -> Void) async {
    let end = election.leads(at: ContinuousClock.now - start)
    leadership.lead(until: end.map { start + $0 })
    if (end != nil) != isLeading {
      isLeading = end != nil
      metrics.changed(isLeading)
      if isLeading {
        logger.info("leading, as \(candidacy.identity): took lease \(candidacy); status and events are written here")
      } else {
        let cause = trouble?.cause ?? election.holder.map { "\($0) holds it" } ?? "it ran out"
        logger.warning(
          "leading no more: lease \(candidacy) could not be kept: \(cause); status and events are left to who holds it,"
            + " routing goes on")
      }
      await tell(isLeading)
    }
    if !isLeading, election.holder != leader, election.holder != candidacy.identity, let holder = election.holder {
      logger.info("following \(holder), which holds lease \(candidacy): it writes status and events")
    }
    leader = election.holder
  }

  // MARK: The API server

  private func answer(to request: LeaseElection.Request, within timeout: Duration) async -> LeaseElection.Answer {
    do throws(APIError) {
      let lease = try await send(request, timeout)
      metrics.asked(.success)
      recovered()
      return .lease(lease)
    } catch {
      // The end of the process is nobody's fault.
      if Task.isCancelled { return .failed }
      switch (error.code, request) {
      case (404, .read), (404, .update):
        metrics.asked(.success)
        recovered()
        return .absent
      case (409, .create), (409, .update):
        metrics.asked(.conflict)
        recovered()
        return .conflict
      case (403, _):
        metrics.asked(.forbidden)
        failed("\(error)", isForbidden: true)
        return .failed
      default:
        metrics.asked(.error)
        failed("\(error)", isForbidden: false)
        return .failed
      }
    }
  }

  private func send(_ request: LeaseElection.Request, _ timeout: Duration) async throws(APIError) -> Lease {
    let collection = Lease.path(namespace: candidacy.namespace)
    let path = "\(collection)/\(APIRequest.percentEncoded(candidacy.name))"
    switch request {
    case .read: return try await client.get(Lease.self, path, timeout: timeout)
    case .create(let spec):
      let metadata = ObjectMeta(name: candidacy.name, namespace: candidacy.namespace)
      return try await client.post(Lease.self, collection, Creation(metadata: metadata, spec: spec), timeout: timeout)
    case .update(let spec, let version):
      let patch = Patch(metadata: .init(resourceVersion: version), spec: spec)
      return try await client.patch(Lease.self, path, patch, timeout: timeout)
    }
  }

  /// Told once, however often it is tried.
  private func failed(_ cause: String, isForbidden: Bool) {
    let isNews = trouble.map { $0.isForbidden != isForbidden } ?? true
    trouble = (cause, isForbidden)
    guard isNews else { return }
    if isForbidden {
      logger.error(
        "this replica may not use lease \(candidacy), by which replicas agree who writes status and events: \(cause)."
          + " Until it may, it does not lead, and routes as before. Grant it get, update and patch on that lease and create"
          + " on leases in \(candidacy.namespace), as the Role metrics-router-leader-election does, or run a single replica"
          + " with --leader-elect=false")
    } else {
      logger.warning("cannot use lease \(candidacy), trying again; routing goes on: \(cause)")
    }
  }

  private func recovered() {
    guard trouble != nil else { return }
    trouble = nil
    logger.info("lease \(candidacy) can be used again")
  }
}
