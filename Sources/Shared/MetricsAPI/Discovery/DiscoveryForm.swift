/// Which of the documents at `/apis` a caller wants.
package enum DiscoveryForm: Hashable, Sendable {
  /// The `APIGroupDiscoveryList` of everything, in JSON.
  case aggregated(AggregatedDiscoveryVersion)
  /// The `APIGroupList`, in one of these types.
  case groups(AcceptedTypes)

  /// Reads the value of the first `Accept` field; nil where nothing of `offered` is accepted, which is 406.
  ///
  /// As `WrapAggregatedDiscoveryToHandler` of k8s.io/apiserver (`pkg/endpoints/discovery/aggregated/wrapper.go`) has it,
  /// a clause that wants an aggregated document goes before every clause that wants none, even one of more weight.
  package static func negotiate(_ accept: ArraySlice<UInt8>?, offered: MediaTypes) -> DiscoveryForm? {
    // A field without parameters costs no more than at any other path.
    if let accept, accept.contains(UInt8(ascii: ";")) {
      for clause in AcceptClause.parse(accept) where clause.matches(.json) && !clause.isImpossible {
        for version in AggregatedDiscoveryVersion.allCases {
          let isWanted = clause.wantsConversion(
            kind: AggregatedDiscoveryVersion.kind, group: AggregatedDiscoveryVersion.group, version: version.rawValue)
          if isWanted { return .aggregated(version) }
        }
      }
    }
    return AcceptedTypes.negotiate(accept, offered: offered).map { .groups($0) }
  }
}
