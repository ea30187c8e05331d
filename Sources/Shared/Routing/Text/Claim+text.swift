extension Claim: CustomStringConvertible {
  /// The fields that it has: `metrics s*-*, selectorKeys scaledobject.keda.sh/name`.
  package var description: String {
    let type = metricType.map { "metricType \($0.rawValue)" }
    let fields = [type].compactMap { $0 } + lists.map { "\($0.field.rawValue) \($0.entries.joined(separator: " "))" }
    return fields.isEmpty ? "everything" : fields.joined(separator: ", ")
  }
}
