import Glibc
import Kubernetes
import MetricsAPI
import TLS
import Telemetry

/// Looks after the serving certificate while this replica leads: does what a ``CertificatePlan`` says to the Secret, and
/// what a ``BundleDecision`` says to each APIService.
actor CertificateKeeper {
  /// Times, which tests shorten.
  struct Schedule: Sendable {
    /// From one look to the next.
    var interval = Duration.seconds(5)
    /// After a write, which others follow.
    var eagerInterval = Duration.seconds(1)
    /// From when an authority stands in every `caBundle` until each API server is believed to know.
    var settling = Duration.seconds(5)

    /// The same for a certificate of `lifetime`: one of seconds, as in a test, is renewed with a third of them left.
    func fitted(to lifetime: Duration) -> Schedule {
      var fitted = self
      fitted.interval = min(interval, .milliseconds(lifetime.components.seconds * 1000 / 30))
      fitted.eagerInterval = min(eagerInterval, fitted.interval)
      return fitted
    }

    /// How long it takes at most from when the Secret is emptied until each replica serves by a new authority: one look
    /// makes that, the next one writes each `caBundle`, and one that comes late finds that it is settled.
    func timeToReplace(overlap: Duration) -> Duration { interval * 3 + settling + overlap }
  }

  private enum Topic: Hashable {
    case secret
    /// Apart from that it can be read: the one says nothing of the other.
    case secretWrite
    case certificate
    case apiService(MetricsGroupVersion)
    case replaced(MetricsGroupVersion)
    case server
  }

  private let secrets: SecretStore
  private let apiServices: APIServiceTrust
  private let options: CertificateOptions
  private let plan: CertificatePlan
  private let probe: any ServedCertificateProbe
  private let leadership: Leadership
  private let metrics: CertificateMetrics
  private let logger: Logger
  private let schedule: Schedule
  private var notices = Notices<Topic>()
  /// The authorities by which what is served could be verified. Others than before begin anew.
  private var verified = HeldSince<Set<Certificate>>()
  private var accepted = HeldSince<Certificate>()
  /// By what APIServices have verified, as they should, since this replica leads.
  private var settled: [MetricsGroupVersion: Set<Certificate>] = [:]
  private var pace: LookPace

  init(
    _ options: CertificateOptions, secret: ObjectName, client: any APIClient, probe: any ServedCertificateProbe,
    leadership: Leadership, metrics: CertificateMetrics, logger: Logger, schedule: Schedule = Schedule()
  ) {
    secrets = SecretStore(client: client, name: secret)
    apiServices = APIServiceTrust(client: client)
    self.options = options
    plan = CertificatePlan(policy: options.policy)
    self.probe = probe
    self.leadership = leadership
    self.metrics = metrics
    self.logger = logger
    self.schedule = schedule.fitted(to: options.policy.lifetime)
    pace = LookPace(self.schedule)
  }

  /// Runs until its task is cancelled. Nothing is under way when it returns.
  func run() async {
    let start = ContinuousClock.now
    while !Task.isCancelled {
      await look()
      try? await Task.sleep(for: pause(at: .now - start, chance: .random(in: 0...1)))
    }
  }

  /// From the look that ended at `now` to the next one.
  func pause(at now: Duration, chance: Double) -> Duration { pace.next(at: now, chance: chance) }

  /// One look at all there is, with what follows from it.
  func look() async {
    guard let time = leadership.remaining else { return forget() }
    let content: SecretStore.Content
    do throws(SecretStore.Trouble) {
      content = try await secrets.read(within: time)
      if notices.clear(.secret) { logger.info("Secret \(secrets.name) can be used again") }
    } catch {
      // What was not seen may have changed meanwhile.
      verified = HeldSince()
      accepted = HeldSince()
      return complain(error, .secret)
    }
    metrics.tell(content.secret)
    let found = await readAPIServices()
    let observation = await settleTrust(content.secret, found)
    await advance(content, observation)
  }

  /// Others lead: what was seen counts no more when this replica leads again.
  private func forget() {
    notices = Notices()
    verified = HeldSince()
    accepted = HeldSince()
    settled = [:]
    pace = LookPace(schedule)
    metrics.forget()
  }

  // MARK: The Secret

  private func advance(_ content: SecretStore.Content, _ observation: CertificatePlan.Observation) async {
    do throws(TLSError) {
      guard let step = try plan.step(content.secret, observation, at: Int64(time(nil))) else { return }
      guard let remaining = leadership.remaining else { return }
      do throws(SecretStore.Trouble) {
        let written = try await secrets.write(step.secret, over: content, within: remaining)
        pace.moved()
        _ = notices.clear(.secretWrite)
        metrics.wrote(.secret, true)
        metrics.tell(written.secret)
        logger.info("Secret \(secrets.name): \(step.reason)", Self.ends(written.secret))
      } catch {
        if error != .conflict { metrics.wrote(.secret, false) }
        complain(error, .secretWrite)
      }
    } catch {
      pace.failed()
      let text = "no certificate can be made for Secret \(secrets.name): \(error)"
      if notices.isDue(.certificate, text, at: .now) { logger.error(text) }
    }
  }

  private static func ends(_ secret: ServingSecret) -> KeyValuePairs<String, String> {
    guard let serving = secret.serving else { return [:] }
    return ["servingCertificateDaysLeft": "\(serving.leaf.secondsToExpiry / 86_400)"]
  }

  private func complain(_ trouble: SecretStore.Trouble, _ topic: Topic) {
    switch trouble {
    case .conflict: pace.moved()
    case .absent, .mayNot: pace.failed()
    case .failed(_, _, let seconds): pace.failed(retryAfterSeconds: seconds)
    // It could be read, and stays as it is until somebody changes it.
    case .problem: break
    }
    guard !Task.isCancelled else { return }
    let text = trouble.text(secrets.name)
    switch trouble {
    case .conflict: logger.info(text)
    case .failed: if notices.isDue(topic, text, at: .now) { logger.warning(text) }
    case .absent, .mayNot, .problem: if notices.isDue(topic, text, at: .now) { logger.error(text) }
    }
  }

  // MARK: The APIServices

  /// Those that could be read.
  private func readAPIServices() async -> [MetricsGroupVersion: APIService?] {
    var found: [MetricsGroupVersion: APIService?] = [:]
    for version in MetricsGroupVersion.allCases {
      guard let time = leadership.remaining else { break }
      do throws(APIServiceTrust.Trouble) {
        found[version] = .some(try await apiServices.read(version, within: time))
      } catch {
        complain(error, version)
      }
    }
    return found
  }

  /// Writes each `caBundle` that is to be written; returns what is known afterwards.
  private func settleTrust(
    _ secret: ServingSecret, _ read: [MetricsGroupVersion: APIService?]
  ) async -> CertificatePlan.Observation {
    var (found, trusted) = (read, secret.trusted)
    if !trusted.isEmpty {
      let refusal = await probeServer(secret)
      let lasting = verified.keys(for: options.overlap, at: .now)
      let served = BundleDecision.Served(
        isVerified: refusal == nil, isVerifiedEverywhere: refusal == nil && lasting.contains(Set(trusted)))
      var right: [MetricsGroupVersion: [Certificate]] = [:]
      for (version, apiService) in read {
        let decision = BundleDecision.of(apiService, service: options.service, trusted: trusted, served)
        if decision == .right { right[version] = apiService?.spec.trusted }
        if let written = await carryOut(decision, version, apiService, refusal) { found[version] = .some(written) }
      }
      await judgeServer(refusal, trusted, right)
    } else {
      verified = HeldSince()
    }
    metrics.tell(found.mapValues { BundleDecision.Standing($0, service: options.service) })
    guard found.count == MetricsGroupVersion.allCases.count else {
      accepted = HeldSince()
      return CertificatePlan.Observation()
    }
    let bundles = found.values.compactMap { apiService -> [Certificate]? in
      guard let spec = apiService?.spec,
        spec.leads(toService: options.service.name, in: options.service.namespace)
      else { return nil }
      return spec.trusted
    }
    trusted = trusted.filter { authority in bundles.allSatisfy { $0.contains(authority) } }
    accepted.note(Set(trusted), at: .now)
    return CertificatePlan.Observation(
      accepted: accepted.keys(for: schedule.settling, at: .now), isAnyVerifying: !bundles.isEmpty,
      isFormerUnneeded: verified.keys(for: options.overlap, at: .now).contains(secret.trustedInFuture))
  }

  /// Why the server's certificate cannot be verified; nil where it can.
  private func probeServer(_ secret: ServingSecret) async -> String? {
    let (all, future) = (secret.trusted, secret.trustedInFuture)
    var refusal = await probe.reasonToRefuse(trusting: all.filter(future.contains))
    var trusts: Set<Set<Certificate>> = refusal == nil ? [Set(all), future] : []
    if refusal != nil, future.count < all.count {
      refusal = await probe.reasonToRefuse(trusting: all)
      if refusal == nil { trusts = [Set(all)] }
    }
    verified.note(trusts, at: .now)
    return refusal
  }

  /// Where a `caBundle` is as it should be and API servers refuse what is served all the same, it is the server that has
  /// to change.
  private func judgeServer(
    _ refusal: String?, _ trusted: [Certificate], _ right: [MetricsGroupVersion: [Certificate]]
  ) async {
    guard let refusal else {
      if notices.clear(.server) { logger.info("what is served beside this controller can be verified again") }
      return
    }
    var refusing: [String] = []
    for version in MetricsGroupVersion.allCases {
      guard let bundle = right[version] else { continue }
      // By an authority that is in no Secret any more, what is served may still be verified.
      if bundle.count > trusted.count, await probe.reasonToRefuse(trusting: bundle) == nil { continue }
      refusing.append(version.apiServiceName)
    }
    guard !refusing.isEmpty else { return }
    let names = refusing.joined(separator: ", ")
    let text =
      "the caBundle of \(names) is as it should be, and what is served beside this controller"
      + " cannot be verified by it: \(refusal)"
    if notices.isDue(.server, text, at: .now) { logger.warning(text) }
  }

  /// Returns the APIService as a write has left it; nil where none was made.
  private func carryOut(
    _ decision: BundleDecision, _ version: MetricsGroupVersion, _ found: APIService?, _ refusal: String?
  ) async -> APIService? {
    let name = "APIService \(version.apiServiceName)"
    switch decision {
    case .absent, .foreign:
      settled[version] = nil
      _ = notices.clear(.apiService(version))
    case .right:
      settled[version] = Set(found?.spec.trusted ?? [])
      _ = notices.clear(.apiService(version))
    case .waiting:
      let cause =
        refusal ?? "other replicas have \(options.overlap.components.seconds) s to serve what this one serves"
      let text = "\(name) does not verify what is served yet, since it could not: \(cause)"
      if notices.isDue(.apiService(version), text, at: .now) { logger.info(text) }
    case .patch(let certificates, let isReplaced):
      guard let found, let time = leadership.remaining else { break }
      // Where it is the Secret that has others now, nobody has meddled with the APIService.
      if isReplaced, let former = settled[version], former != Set(found.spec.trusted ?? []) {
        warnOfReplacement(version, found)
      }
      do throws(APIServiceTrust.Trouble) {
        let written = try await apiServices.write(certificates, to: version, over: found, within: time)
        pace.moved()
        metrics.wrote(.apiService, true)
        let names = certificates.map(\.commonName).joined(separator: ", ")
        logger.info("\(name): what is served is verified by \(names) from now on")
        _ = notices.clear(.apiService(version))
        return written
      } catch {
        if !error.isConflict { metrics.wrote(.apiService, false) }
        complain(error, version)
      }
    }
    return nil
  }

  private func warnOfReplacement(_ version: MetricsGroupVersion, _ found: APIService) {
    let writer = ManagingTool.lastWriter(of: found.metadata) ?? "somebody"
    let text =
      "APIService \(version.apiServiceName): \(writer) has replaced the caBundle by another one, by which the router cannot"
      + " be verified; it is put back. Keep \(writer) from it: docs/certificates.md, \"Somebody else writes the caBundle\""
    if notices.isDue(.replaced(version), text, at: .now) { logger.error(text) }
  }

  private func complain(_ trouble: APIServiceTrust.Trouble, _ version: MetricsGroupVersion) {
    guard !trouble.isConflict else { return pace.moved() }
    pace.failed(retryAfterSeconds: trouble.retryAfterSeconds)
    guard !Task.isCancelled else { return }
    if notices.isDue(.apiService(version), trouble.description, at: .now) { logger.error(trouble.description) }
  }
}
