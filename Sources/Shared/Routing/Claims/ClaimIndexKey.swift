/// The key under which a ``ClaimIndex`` keeps a claim: something that every request has which the claim matches.
enum ClaimIndexKey: Hashable, Sendable {
  enum Field: CaseIterable, Hashable, Sendable {
    case metrics, resources, namespaces
  }

  /// The name in the field begins with one of these.
  case prefixes(Field, [[UInt8]])
  /// The selector carries this.
  case selectorKey(SelectorKey)

  /// A key for each claim: of those that it can have, the one with the fewest neighbours. What many claims have
  /// in common, as `s*` or the key of a label, then does not bring all of them up.
  static func choose(for claims: [Claim]) -> [ClaimIndexKey] {
    let choices = claims.map(choices)
    var claimsPerKey: [ClaimIndexKey: Int] = [:]
    for key in choices.joined().flatMap(\.slots) { claimsPerKey[key, default: 0] += 1 }
    return choices.map { choices in
      let neighbours = choices.map { key in key.slots.reduce(0) { $0 + (claimsPerKey[$1] ?? 0) } }
      let least = neighbours.indices.min { neighbours[$0] < neighbours[$1] } ?? 0
      return choices[least]
    }
  }

  /// Never empty: all names begin with nothing.
  private static func choices(_ claim: Claim) -> [ClaimIndexKey] {
    var choices = [ClaimIndexKey.prefixes(.metrics, prefixes(of: claim.metrics))]
    if !claim.resources.isEmpty { choices.append(.prefixes(.resources, prefixes(of: claim.resources))) }
    if !claim.namespaces.isEmpty { choices.append(.prefixes(.namespaces, prefixes(of: claim.namespaces))) }
    return choices + claim.selectorKeys.map { .selectorKey($0) }
  }

  /// What comes before the first `*` or `?` of each pattern; no pattern matches everything.
  private static func prefixes(of globs: [Glob]) -> [[UInt8]] {
    globs.isEmpty ? [[]] : Array(Set(globs.map(\.literalPrefix)))
  }

  /// The places that the claim takes up.
  private var slots: [ClaimIndexKey] {
    switch self {
    case .prefixes(let field, let prefixes): prefixes.map { .prefixes(field, [$0]) }
    case .selectorKey: [self]
    }
  }

  func prefixes(_ field: Field) -> [[UInt8]] {
    guard case .prefixes(field, let prefixes) = self else { return [] }
    return prefixes
  }

  var selectorKey: SelectorKey? { if case .selectorKey(let key) = self { key } else { nil } }
}
