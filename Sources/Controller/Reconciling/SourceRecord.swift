import FoundationEssentials
import Kubernetes
import MetricsAPI
import Routing

/// What the controller remembers of one source between two attempts to sync it.
struct SourceRecord: Sendable {
  private(set) var source: MetricsSource
  /// What stands in the routing table: the spec with its last good list, or with no list where it has claims. Nil until
  /// there was one.
  private(set) var routed: RoutedSource?
  /// When the list in ``routed`` was last read.
  private(set) var lastRead: Date
  /// The same by the clock that retention goes by, which is not set while the process runs.
  private var lastReadSteadily: Date
  /// How the last attempt ended; nil until one has for the spec as it stands.
  private(set) var outcome: MetricsSourceStatus.Outcome?
  /// What is known of it beside the other sources.
  var peers = MetricsSourceStatus.Peers()
  /// As last reported, or as found on the resource.
  private(set) var status: MetricsSourceStatus?
  /// Whether ``status`` was reported by this replica since it leads. What is found on the resource then is an echo of
  /// that, maybe of an earlier one; else it is what another replica wrote, or a former run.
  private var isReported = false
  /// What was last told of how requests reach it, by this replica or whoever led before; nil where nothing was.
  private var toldRoute: RouteSummary?
  var backoff = SourceRecord.freshBackoff

  /// Of one source: doubled with each failure, and capped where a backend that is back should be noticed.
  static let freshBackoff = Backoff(base: .seconds(1), cap: .seconds(60), resetAfter: .seconds(3600))

  /// The metrics that are routed to it by name.
  var metricCount: Int { routed?.metricCount ?? 0 }

  /// `routed` is what a former run left in the table. Where the resource does not tell when that list was read, it counts
  /// as read now: a metric too many does no harm, one too few does.
  init(source: MetricsSource, routed: RoutedSource?, now: Date = .now) {
    self.source = source
    self.routed = routed
    toldRoute = routed.map(RouteSummary.init)
    status = source.status
    lastRead = source.status?.lastSyncTime.flatMap { try? Date($0, strategy: .iso8601) } ?? now
    lastReadSteadily = lastRead
    adopt(source)
  }

  // MARK: The spec

  /// Takes a changed spec over. Where it still means the same backend, the new priority and the like count at once, with
  /// the list as it was; another backend has to be asked first, and until then the former one goes on answering. A spec
  /// that cannot work leaves the last good one routing.
  mutating func adopt(_ source: MetricsSource) {
    // Created anew under the same name: nothing has been told about this one yet.
    if self.source.metadata.uid != source.metadata.uid {
      isReported = false
      toldRoute = nil
    }
    update(source)
    outcome = nil
    guard source.problem == nil else { return }
    let spec = source.spec
    if let former = routed {
      if former.backend.host == spec.service.host {
        routed = RoutedSource(
          name: source.name, spec: spec, port: spec.service.port.number ?? former.backend.port,
          customVersions: former.customVersions, externalVersions: former.externalVersions,
          listing: former.listing.limited(to: spec.metricTypes),
          retained: former.retained.compactMap { batch in
            let listing = batch.listing.limited(to: spec.metricTypes)
            return listing.isEmpty ? nil : RetainedListing(lastListed: batch.lastListed, listing: listing)
          },
          isStale: former.isStale)
        return
      }
      // Its claims are another backend's, and this one never made them.
      routed?.priority = spec.priority
    }
    if let port = spec.service.port.number { locate(at: port) }
  }

  /// The same declaration, with other metadata or another status.
  mutating func update(_ source: MetricsSource) {
    self.source = source
    if !isReported { status = source.status }
  }

  /// The port is known. It is dialled from now on, and claims count from now on, even if listing fails; a former backend that
  /// lists metrics goes on answering until the list of its successor has been read.
  mutating func locate(at port: Int) {
    let spec = source.spec
    guard source.problem == nil else { return }
    // A port by name may lead elsewhere than it did, whatever comes of the list there.
    if routed?.backend.host == spec.service.host { routed?.backend.port = port }
    guard !spec.claims.isEmpty else { return }
    if let routed, routed.backend.host == spec.service.host || routed.metricCount > 0 { return }
    routed = RoutedSource(
      name: source.name, spec: spec, port: port, customVersions: [], externalVersions: [], listing: MetricsListing(),
      isStale: true)
  }

  // MARK: Attempts

  /// The backend has been asked, and this is what it lists. What it listed before it failed, and lists no longer, is
  /// retained from now on: nobody knows when it vanished, and an adapter that comes back may first list nothing.
  mutating func succeed(_ listing: SourceListing, port: UInt16, retention: Retention, now: Date, steadyNow: Date) {
    var listing = listing
    // The same names in one place of memory: half as many, and found equal at a glance.
    if let known = routed?.listing, known == listing.metrics { listing.metrics = known }
    var next = RoutedSource(name: source.name, spec: source.spec, port: port, listing: listing)
    if let routed, routed.backend.host == next.backend.host {
      next.retained = retention.retained(
        of: routed, lastRead: routed.isStale ? steadyNow : lastReadSteadily, listing: listing.metrics,
        types: source.spec.metricTypes, now: steadyNow)
    }
    routed = next
    lastRead = now
    lastReadSteadily = steadyNow
    outcome = .success(listing)
    backoff.reset()
  }

  /// The list could not be read: what is routed stays.
  mutating func fail(_ failure: SyncFailure) {
    routed?.isStale = true
    outcome = .failure(failure)
  }

  /// Drops what has been retained long enough; whether that changed anything. While the list cannot be read all of it
  /// stays: nobody knows what would be listed.
  mutating func expire(_ retention: Retention, now: Date) -> Bool {
    guard case .success = outcome, let routed, !routed.retained.isEmpty else { return false }
    let kept = retention.unexpired(routed.retained, at: now)
    guard kept != routed.retained else { return false }
    self.routed?.retained = kept
    return true
  }

  // MARK: Status

  /// This status is on its way to the resource.
  mutating func report(_ status: MetricsSourceStatus) {
    self.status = status
    isReported = true
  }

  /// What to tell of how requests reach it, once: that is no news any more then. `countIsTold` where another event tells
  /// how many metrics are routed.
  mutating func routeChange(countIsTold: Bool) -> SourceEvent? {
    guard let route = routed.map(RouteSummary.init) else { return nil }
    guard let told = toldRoute else {
      toldRoute = route
      return nil
    }
    let change = told.change(to: route, countIsTold: countIsTold)
    if change != nil || countIsTold { toldRoute = route }
    return change
  }

  /// How requests reach it now is no news: another replica has told it.
  mutating func rememberRoute() { toldRoute = routed.map(RouteSummary.init) }

  /// Another replica reports from now on: what counts is what the resource says.
  mutating func follow() {
    isReported = false
    status = source.status
  }

  /// The status as it is to be now; nil as long as no attempt has ended for the spec as it stands.
  func status(now: Date) -> MetricsSourceStatus? {
    guard let outcome else { return nil }
    return .after(
      outcome, of: source, routed: routed, peers: peers, former: status, lastRead: lastRead.ISO8601Format(),
      now: now.ISO8601Format())
  }
}
