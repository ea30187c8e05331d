/// What a caller accepts of the media types that an answer can be had in, the preferred one first.
///
/// Follows `NegotiateMediaTypeOptions` of k8s.io/apiserver (`pkg/endpoints/handlers/negotiation/negotiate.go`) for an
/// endpoint that turns its answers into no other kind: a clause that wants a `Table`, a server version or an unknown
/// stream is passed over.
package struct AcceptedTypes: Hashable, Sendable {
  /// What to answer in where everything that was offered can be had.
  package private(set) var preferred: MediaType
  private var second: MediaType?
  private var third: MediaType?
  /// Whether the clause of the preferred type asks for indentation by `pretty=1`.
  package private(set) var isPretty = false

  private init(preferred: MediaType, second: MediaType? = nil, third: MediaType? = nil) {
    self.preferred = preferred
    self.second = second
    self.third = third
  }

  /// Whether the caller takes an answer in `type`.
  package func contains(_ type: MediaType) -> Bool { preferred == type || second == type || third == type }

  /// The best of `types` for the caller: when a backend decides which there is, say. Nil when it takes none of them.
  package func best(of types: MediaTypes) -> MediaType? {
    if types.contains(preferred) { return preferred }
    if let second, types.contains(second) { return second }
    if let third, types.contains(third) { return third }
    return nil
  }

  /// Whether to ask a backend for protobuf before JSON: the HorizontalPodAutoscaler prefers it.
  package var prefersProtobuf: Bool { best(of: .binaryOrJSON) == .protobuf }

  private mutating func append(_ type: MediaType) {
    if contains(type) { return }
    if second == nil { second = type } else { third = type }
  }
}

extension AcceptedTypes {
  /// What of `offered` the caller accepts by the value of its first `Accept` field; nil when nothing, which is 406 with
  /// ``MediaTypes/notAcceptableMessage``.
  ///
  /// Nil and an empty value accept everything. The values that nearly all callers send cost no allocation.
  package static func negotiate(_ accept: ArraySlice<UInt8>?, offered: MediaTypes = .all) -> AcceptedTypes? {
    guard let common = common(accept) else { return parsed(accept ?? [], offered: offered) }
    return offered == .all ? common : common.intersection(offered)
  }

  /// For everything that can be offered.
  private static func common(_ accept: ArraySlice<UInt8>?) -> AcceptedTypes? {
    guard let accept, !accept.isEmpty else { return AcceptedTypes(preferred: .json, second: .yaml, third: .protobuf) }
    if accept.isExactly("*/*") || accept.isExactly("application/json, */*") {
      return AcceptedTypes(preferred: .json, second: .yaml, third: .protobuf)
    }
    if accept.isExactly("application/json") { return AcceptedTypes(preferred: .json) }
    if accept.isExactly("application/vnd.kubernetes.protobuf, */*") {
      return AcceptedTypes(preferred: .protobuf, second: .json, third: .yaml)
    }
    if accept.isExactly("application/vnd.kubernetes.protobuf,application/json") {
      return AcceptedTypes(preferred: .protobuf, second: .json)
    }
    return nil
  }

  private func intersection(_ offered: MediaTypes) -> AcceptedTypes? {
    guard let preferred = best(of: offered) else { return nil }
    var accepted = AcceptedTypes(preferred: preferred)
    for type in [self.preferred, second, third] {
      if let type, offered.contains(type) { accepted.append(type) }
    }
    return accepted
  }

  private static func parsed(_ accept: ArraySlice<UInt8>, offered: MediaTypes) -> AcceptedTypes? {
    var accepted: AcceptedTypes?
    for clause in AcceptClause.parse(accept) where clause.wantsNoConversion && !clause.isImpossible {
      for type in MediaType.allCases where offered.contains(type) && clause.matches(type) {
        guard accepted != nil else {
          accepted = AcceptedTypes(preferred: type)
          accepted?.isPretty = clause.isPretty
          continue
        }
        accepted?.append(type)
      }
    }
    return accepted
  }
}
