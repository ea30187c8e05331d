import MetricsAPI
import Options

/// What discovery tells of the metrics that are routed.
struct DiscoveryOptions: Sendable {
  var style = DiscoveryStyle.full
  /// Entries of each group at most.
  var maximumEntries = DiscoveryResources.defaultMaximumCount

  static func declare(_ flags: inout FlagSet) -> (ParsedFlags) -> DiscoveryOptions {
    let style = flags.choice(
      "discovery", default: DiscoveryStyle.full,
      "full lists every metric, as kubectl api-resources shows them; compact lists none, which spares every client of the"
        + " cluster the list where there are very many. What is not listed is routed all the same.")
    let entries = flags.integer(
      "discovery-max-entries", default: DiscoveryResources.defaultMaximumCount, in: 1...10_000_000,
      "How many metrics of a group are listed at most; those beyond are left out, which the log tells.")
    return { parsed in DiscoveryOptions(style: parsed[style], maximumEntries: parsed[entries]) }
  }
}
