/// Where a ``ClaimIndex`` files a claim: under something that every request has which the claim matches.
enum ClaimFile: Hashable, Sendable {
  enum Field: CaseIterable, Hashable, Sendable {
    case metrics, resources, namespaces
  }

  /// The name in the field begins with one of these.
  case prefixes(Field, [[UInt8]])
  /// The selector carries this.
  case selectorKey(SelectorKey)

  /// A file for each claim: of those that it can be in, the one where it has the fewest neighbours. What many claims have
  /// in common, as `s*` or the key of a label, then does not bring all of them up.
  static func files(for claims: [Claim]) -> [ClaimFile] {
    let choices = claims.map(choices)
    var crowds: [ClaimFile: Int] = [:]
    for file in choices.joined().flatMap(\.parts) { crowds[file, default: 0] += 1 }
    return choices.map { choices in
      let neighbours = choices.map { file in file.parts.reduce(0) { $0 + (crowds[$1] ?? 0) } }
      let least = neighbours.indices.min { neighbours[$0] < neighbours[$1] } ?? 0
      return choices[least]
    }
  }

  /// Never empty: all names begin with nothing.
  private static func choices(_ claim: Claim) -> [ClaimFile] {
    var choices = [ClaimFile.prefixes(.metrics, prefixes(of: claim.metrics))]
    if !claim.resources.isEmpty { choices.append(.prefixes(.resources, prefixes(of: claim.resources))) }
    if !claim.namespaces.isEmpty { choices.append(.prefixes(.namespaces, prefixes(of: claim.namespaces))) }
    return choices + claim.selectorKeys.map { .selectorKey($0) }
  }

  /// What comes before the first `*` or `?` of each pattern; no pattern matches everything.
  private static func prefixes(of globs: [Glob]) -> [[UInt8]] {
    globs.isEmpty ? [[]] : Array(Set(globs.map(\.literalPrefix)))
  }

  /// The places that the claim takes up.
  private var parts: [ClaimFile] {
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
