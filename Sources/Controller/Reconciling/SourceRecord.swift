import Kubernetes
import MetricsAPI
import Routing

/// What the controller remembers of one source between two attempts to sync it.
struct SourceRecord: Sendable {
  var source: MetricsSource
  /// What stands in the routing table: the spec with its last good list. Nil until there was one.
  var routed: RoutedSource?
  /// As last reported, or as found on the resource.
  var status: MetricsSourceStatus?
  var backoff = SourceRecord.freshBackoff

  /// Of one source: doubled with each failure, and capped where a backend that is back should be noticed.
  static let freshBackoff = Backoff(base: .seconds(1), cap: .seconds(60), resetAfter: .seconds(3600))

  /// The metrics that are routed to it.
  var metricCount: Int { routed?.metricCount ?? 0 }

  init(source: MetricsSource, routed: RoutedSource?) {
    self.source = source
    self.routed = routed
    status = source.status
  }

  /// Takes a changed spec over. Where it still means the same backend, the new priority and the like count at once, with
  /// the list as it was; another backend has to be asked first, and until then the former one goes on answering.
  mutating func adopt(_ source: MetricsSource) {
    // Created anew under the same name: nothing has been told about this one yet.
    if self.source.metadata.uid != source.metadata.uid { status = source.status }
    self.source = source
    guard let former = routed, source.problem == nil else { return }
    if former.backend.host == source.spec.service.host {
      let types = source.spec.metricTypes
      let listing = MetricsListing(
        custom: types.contains(.customMetrics) ? former.listing.custom : [],
        external: types.contains(.externalMetrics) ? former.listing.external : [])
      routed = RoutedSource(
        name: source.name, spec: source.spec, port: source.spec.service.port.number ?? former.backend.port,
        customVersions: former.customVersions, externalVersions: former.externalVersions, listing: listing,
        isStale: former.isStale)
    } else {
      routed?.priority = source.spec.priority
    }
  }
}
