import MetricsAPI
import Routing

/// SplitMix64: small, and the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

/// Makes sources and questions of so few letters that they meet often.
struct RandomTable {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed) }

  mutating func sources() -> [RoutedSource] {
    (0..<number(1...12)).map { index in
      var made = source("s\(index)", priority: number(0...2))
      made.metricTypes = pick([[.customMetrics, .externalMetrics], [.customMetrics], [.externalMetrics]])
      made.listing = listing()
      made.retained = (0..<number(0...2)).map { RetainedListing(lastListed: "\($0)", listing: listing()) }
      made.claims = (0..<number(0...4)).map { _ in claim() }
      return made
    }
  }

  mutating func question() -> MetricQuestion {
    MetricQuestion(
      key(), namespace: pick([nil, "a", "ab", "team-a", "team-b"]), metricSelector: selector(),
      objectSelector: selector())
  }

  mutating func key() -> MetricKey {
    number(0...1) == 0 ? .external(name()) : .custom(metric())
  }

  private mutating func listing() -> MetricsListing {
    MetricsListing(
      custom: (0..<number(0...6)).map { _ in metric() }, external: (0..<number(0...4)).map { _ in name() })
  }

  private mutating func metric() -> CustomMetric {
    CustomMetric(resource: pick(["pods", "nodes", "a", "ab"]), isNamespaced: number(0...1) == 0, name: name())
  }

  private mutating func claim() -> Claim {
    Claim(
      metrics: globs(), metricType: pick([nil, nil, .customMetrics, .externalMetrics]),
      resources: number(0...3) == 0 ? [Glob(pick(["pods", "a*", "?b", "*"]))] : [],
      namespaces: number(0...3) == 0 ? [Glob(pick(["a", "team-*", "?b", "*"]))] : [],
      selectorKeys: (0..<number(0...4) / 3).map { _ in SelectorKey(pick(["k", "k=v", "k=w", "l=v"])) })
  }

  private mutating func globs() -> [Glob] {
    (0..<number(0...2)).map { _ in Glob((0..<number(1...4)).map { _ in pick(["a", "b", "é", "*", "?"]) }.joined()) }
  }

  private mutating func name() -> String {
    (0..<number(1...4)).map { _ in pick(["a", "b", "é", "e\u{301}"]) }.joined()
  }

  private mutating func selector() -> LabelSelector? {
    if number(0...1) == 0 { return nil }
    return LabelSelector(
      requirements: (0..<number(0...2)).map { _ in
        let chosen = pick([LabelSelector.Operator.exists, .equals, .doubleEquals, .in, .notIn, .doesNotExist])
        let values: [String] =
          switch chosen {
          case .exists, .doesNotExist: []
          case .in, .notIn: pick([["v"], ["v", "w"]])
          default: [pick(["v", "w"])]
          }
        return LabelSelector.Requirement(key: pick(["k", "l"]), operator: chosen, values: values)
      })
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(0...elements.count - 1)] }
}
