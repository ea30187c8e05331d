import MetricsAPI
import Routing

/// What a look-up takes, in nanoseconds.
struct LookupFigures {
  /// Of a metric that a source lists.
  let hit: Double
  /// Of one that none lists and none claims.
  let miss: Double
  /// Of one that the claim of one source matches; 0 without claims.
  let claim: Double

  /// Enough to go beyond the processor's caches where the table does.
  private static let questionCount = 65_536
  private static let rounds = 5

  init(_ sample: SampleTable, in table: RoutingTable) {
    var random = SystemRandomNumberGenerator()
    let metrics = (0..<Self.questionCount).map { _ in Int.random(in: 0..<max(1, sample.metricCount), using: &random) }
    hit = Self.nanoseconds(metrics.map { MetricQuestion(sample.key($0), namespace: "shop") }, in: table, found: 1)
    miss = Self.nanoseconds(
      metrics.map { MetricQuestion(.external("unknown_requests_per_second_\($0)"), namespace: "shop") }, in: table,
      found: 0)
    let claims = metrics.map { $0 % max(1, sample.claimCount) }
    claim =
      sample.claimCount == 0 ? 0 : Self.nanoseconds(claims.map { sample.claimed($0) }, in: table, found: 1)
  }

  /// The best of several rounds; each question must find as many candidates as are expected.
  private static func nanoseconds(_ questions: [MetricQuestion], in table: RoutingTable, found expected: Int) -> Double
  {
    (0..<rounds).map { _ in
      var found = 0
      let start = ContinuousClock.now
      for question in questions { found += table.candidates(for: question).count }
      let elapsed = ContinuousClock.now - start
      precondition(found == expected * questions.count, "a look-up found another number of candidates than it should")
      return elapsed / .nanoseconds(1) / Double(questions.count)
    }.min() ?? 0
  }
}
