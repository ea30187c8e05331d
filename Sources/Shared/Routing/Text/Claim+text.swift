extension Claim: CustomStringConvertible {
  /// The fields that it has: `metrics s*-*, selectorKeys scaledobject.keda.sh/name`.
  package var description: String {
    let fields = [
      metricType.map { "metricType \($0.rawValue)" }, Self.text("metrics", metrics.map(\.pattern)),
      Self.text("resources", resources.map(\.pattern)), Self.text("namespaces", namespaces.map(\.pattern)),
      Self.text("selectorKeys", selectorKeys.map(\.description)),
    ].compactMap { $0 }
    return fields.isEmpty ? "everything" : fields.joined(separator: ", ")
  }

  private static func text(_ field: String, _ entries: [String]) -> String? {
    entries.isEmpty ? nil : "\(field) \(entries.joined(separator: " "))"
  }
}
