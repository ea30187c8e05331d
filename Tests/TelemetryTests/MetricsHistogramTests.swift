import Testing

@testable import Telemetry

@Suite struct MetricsHistogramTests {
  private let registry = MetricsRegistry()

  private func text() throws -> MetricsText { try MetricsText(registry.render()) }

  @Test func `buckets count what is not longer than their bound`() {
    let histogram = registry.histogram(
      "a_seconds", help: "A.", labels: ["result"], bounds: [.microseconds(500), .milliseconds(10), .seconds(1)]
    ).child("ok")
    for duration: Duration in [.zero, .microseconds(500), .microseconds(501), .seconds(1), .seconds(2)] {
      histogram.observe(duration)
    }
    #expect(
      String(decoding: registry.render(), as: UTF8.self) == """
        # HELP a_seconds A.
        # TYPE a_seconds histogram
        a_seconds_bucket{result="ok",le="0.0005"} 2
        a_seconds_bucket{result="ok",le="0.01"} 3
        a_seconds_bucket{result="ok",le="1"} 4
        a_seconds_bucket{result="ok",le="+Inf"} 5
        a_seconds_sum{result="ok"} 3.001001
        a_seconds_count{result="ok"} 5

        """)
  }

  @Test func `without labels a bucket has its bound alone`() throws {
    registry.histogram("a_seconds", help: "A.", bounds: [.seconds(1)]).observe(nanoseconds: 999_999_999)
    #expect(try text().value("a_seconds_bucket", ["le": "1"]) == 1)
    #expect(try text().value("a_seconds_sum") == 0.999999999)
  }

  @Test func `durations that cannot be are taken for the nearest that can`() throws {
    let histogram = registry.histogram("a_seconds", help: "A.", bounds: [.seconds(1)])
    histogram.observe(.seconds(-5))
    #expect(try text().value("a_seconds_sum") == 0)
    #expect(try text().value("a_seconds_bucket", ["le": "1"]) == 1)
    histogram.observe(.seconds(Int64.max))
    #expect(try text().value("a_seconds_sum") == Double(Int64.max) / 1e9)
    #expect(try text().value("a_seconds_count") == 2)
  }

  @Test func `the bounds that are used without further ado ascend`() throws {
    _ = registry.histogram("a_seconds", help: "A.")
    let bounds = try text()["a_seconds"]?.samples.compactMap { $0.labels["le"] }
    #expect(bounds?.first == "0.0005")
    #expect(bounds?.suffix(2) == ["10", "+Inf"])
  }

  @Test func `ratios are exposed as they are, and may be zero`() throws {
    let histogram = registry.histogram("a_ratio", help: "A.", labels: [], ratios: [0, 0.01, 1]).child()
    for ratio in [0, -1, .nan, 0.01, 0.0100001, 1.5] { histogram.observe(ratio: ratio) }
    #expect(try text().value("a_ratio_bucket", ["le": "0"]) == 3)
    #expect(try text().value("a_ratio_bucket", ["le": "0.01"]) == 4)
    #expect(try text().value("a_ratio_bucket", ["le": "1"]) == 5)
    #expect(try text().value("a_ratio_count") == 6)
    #expect(try text().value("a_ratio_sum") == 1.5200001)
    histogram.observe(ratio: .infinity)
    #expect(try text().value("a_ratio_sum") == 1_000_001.5200001)
  }

  @Test func `bounds that do not ascend stop the program`() async {
    await #expect(processExitsWith: .failure) {
      _ = MetricsRegistry().histogram("a_seconds", help: "A.", bounds: [.seconds(1), .seconds(1)])
    }
  }
}
