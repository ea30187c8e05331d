import MetricsAPI
import Routing

/// What a backend said that it serves, over all the group-versions it was asked for.
struct SourceListing: Sendable, Equatable {
  /// Those that it answered.
  var customVersions: [MetricsGroupVersion] = []
  var externalVersions: [MetricsGroupVersion] = []
  var metrics = MetricsListing()
}

extension RoutedSource {
  /// A source whose backend has just been asked.
  init(name: String, spec: MetricsSourceSpec, port: UInt16, listing: SourceListing) {
    self.init(
      name: name, spec: spec, port: Int(port), customVersions: listing.customVersions,
      externalVersions: listing.externalVersions, listing: listing.metrics)
  }
}

extension MetricsSourceSpec.Port {
  /// Nil where the port is named.
  var number: Int? { if case .number(let number) = self { number } else { nil } }
}
