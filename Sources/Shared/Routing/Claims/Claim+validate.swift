extension Claim {
  /// What is wrong with a claim that stands at `path` in a spec of `metricTypes`.
  func validate(at path: String, of metricTypes: [MetricsSourceSpec.MetricType]) -> [SpecProblem] {
    var problems: [SpecProblem] = []
    if let metricType, !metricTypes.contains(metricType) {
      problems.append(
        SpecProblem(
          path: "\(path).metricType", value: metricType.rawValue,
          advice: "add it to spec.metricTypes, or leave it out here"))
    }
    let isExternalOnly = metricType == .externalMetrics || !metricTypes.contains(.customMetrics)
    if !resources.isEmpty, isExternalOnly {
      problems.append(
        SpecProblem(
          path: "\(path).resources", value: SpecProblem.cut(resources[0].pattern),
          advice: "leave it out: external metrics describe no resource"))
    }
    let anything: (UInt8) -> Bool = { _ in true }
    problems += Self.validate(metrics, at: "\(path).metrics", allowing: anything, named: "")
    problems += Self.validate(
      resources, at: "\(path).resources", allowing: { Self.isOfName($0) || $0 == UInt8(ascii: ".") },
      named: "use a-z, 0-9, -, ., * and ?, as in deployments.apps")
    problems += Self.validate(
      namespaces, at: "\(path).namespaces", allowing: Self.isOfName, named: "use a-z, 0-9, -, * and ?, as in team-*")
    for (index, key) in selectorKeys.prefix(Self.maximumCount).enumerated() {
      guard let problem = key.problem else { continue }
      problems.append(
        SpecProblem(
          path: "\(path).selectorKeys[\(index)]", value: SpecProblem.cut(key.description), advice: problem))
    }
    if Set(selectorKeys).count < selectorKeys.count {
      problems.append(
        SpecProblem(
          path: "\(path).selectorKeys", value: "\(selectorKeys.count) entries", advice: "name each once"))
    }
    if selectorKeys.count > Self.maximumCount {
      problems.append(.tooMany(selectorKeys.count, at: "\(path).selectorKeys", limit: Self.maximumCount))
    }
    return problems
  }

  private static func validate(
    _ globs: [Glob], at path: String, allowing isAllowed: (UInt8) -> Bool, named advice: String
  ) -> [SpecProblem] {
    var problems: [SpecProblem] = []
    if globs.count > maximumCount { problems.append(.tooMany(globs.count, at: path, limit: maximumCount)) }
    if Set(globs).count < globs.count {
      problems.append(SpecProblem(path: path, value: "\(globs.count) entries", advice: "name each once"))
    }
    for (index, glob) in globs.prefix(maximumCount).enumerated() {
      guard let problem = glob.problem ?? (glob.pattern.utf8.allSatisfy(isAllowed) ? nil : advice) else { continue }
      problems.append(
        SpecProblem(path: "\(path)[\(index)]", value: SpecProblem.cut(glob.pattern), advice: problem))
    }
    return problems
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
      UInt8(ascii: "*"), UInt8(ascii: "?"):
      true
    default: false
    }
  }
}
