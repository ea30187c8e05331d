import Testing

@testable import Telemetry

@Suite struct MetricsRegistryTests {
  private let registry = MetricsRegistry()

  private func lines() -> [String] {
    String(decoding: registry.render(), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func `a registry without metrics renders nothing`() {
    #expect(registry.render().isEmpty)
  }

  @Test func `families come by name and children by labels, whatever order they were made in`() {
    let requests = registry.counter("b_requests_total", help: "Requests.", labels: ["source", "code"])
    registry.gauge("c_ratio", help: "A ratio.") { 0.5 }
    registry.gauge("a_sources", help: "Sources.").set(3)
    requests.child("keda", "200").add(2)
    requests.child("datadog", "503").add()
    requests.child("datadog", "200").add(7)
    #expect(
      lines() == [
        "# HELP a_sources Sources.",
        "# TYPE a_sources gauge",
        "a_sources 3",
        "# HELP b_requests_total Requests.",
        "# TYPE b_requests_total counter",
        #"b_requests_total{source="datadog",code="200"} 7"#,
        #"b_requests_total{source="datadog",code="503"} 1"#,
        #"b_requests_total{source="keda",code="200"} 2"#,
        "# HELP c_ratio A ratio.",
        "# TYPE c_ratio gauge",
        "c_ratio 0.5",
      ])
  }

  @Test func `a family without children, and one that cannot be read, are left out`() {
    _ = registry.counter("a_total", help: "A.", labels: ["l"])
    registry.gauge("b", help: "B.") { nil }
    registry.gauge("c", help: "C.", labels: ["l"]) { [] }
    #expect(registry.render().isEmpty)
  }

  @Test func `a counter and a gauge without labels are there from the first`() throws {
    _ = registry.counter("a_total", help: "A.")
    _ = registry.gauge("b", help: "B.")
    _ = registry.histogram("c_seconds", help: "C.")
    let text = try MetricsText(registry.render())
    #expect(text.value("a_total") == 0)
    #expect(text.value("b") == 0)
    #expect(text.value("c_seconds_count") == 0)
  }

  @Test(arguments: [
    "plain", #"C:\path\n"#, "two\nlines", #"he said "no""#, "käse 🧀", "", #"\"#, #"\""#, "a\u{0}\t\r\u{2028}b",
    "{}=, #",
  ])
  func `whatever a label's value and a help text hold, they are read back as they were`(value: String) throws {
    registry.gauge("a", help: "A help: " + value, labels: ["l", "m"]) { [.init(labels: [value, "m"], value: 1)] }
    registry.counter("b_total", help: "B.", labels: ["l"]).child(value).add()
    let text = try MetricsText(registry.render())
    #expect(text["a"]?.help == "A help: " + value)
    #expect(text.value("a", ["l": value, "m": "m"]) == 1)
    #expect(text.value("b_total", ["l": value]) == 1)
  }

  @Test func `of samples read with the same labels the first counts, and they come in order`() throws {
    registry.counter("a_total", help: "A.", labels: ["l"]) {
      [.init(labels: ["y"], value: 1), .init(labels: ["x"], value: 2), .init(labels: ["y"], value: 3)]
    }
    let samples = try MetricsText(registry.render())["a_total"]?.samples
    #expect(samples?.map(\.labels) == [["l": "x"], ["l": "y"]])
    #expect(samples?.map(\.value) == [2, 1])
  }

  @Test func `a family read at the scrape is read at each, and bounded`() throws {
    let reads = Gauge()
    registry.gauge("a", help: "A.", labels: ["l"]) {
      reads.add()
      return (0...MetricsRegistry.childLimit).map { .init(labels: ["\($0)"], value: Double(reads.value)) }
    }
    #expect(reads.value == 0)
    _ = registry.render()
    let samples = String(decoding: registry.render(), as: UTF8.self).split(separator: "\n").dropFirst(2)
    #expect(samples.count == MetricsRegistry.childLimit)
    #expect(samples.first == #"a{l="0"} 2"#)
  }

  @Test func `a name taken twice, if only by a histogram's series, stops the program`() async throws {
    let plain = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let registry = MetricsRegistry()
      _ = registry.gauge("a", help: "A.")
      _ = registry.gauge("a", help: "A.")
    }
    #expect(Self.message(plain).contains("metric a is registered twice"))
    let series = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let registry = MetricsRegistry()
      _ = registry.histogram("a", help: "A.")
      _ = registry.histogram("a_count", help: "A.")
    }
    #expect(Self.message(series).contains("metric a_count is registered twice"))
  }

  @Test func `a description with a problem, and values that do not match the labels, stop the program`() async {
    let name = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MetricsRegistry().counter("a", help: "A.")
    }
    #expect(Self.message(name).contains("metric a: counters, and they alone, are named _total"))
    let values = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MetricsRegistry().counter("a_total", help: "A.", labels: ["l"]).child("x", "y")
    }
    #expect(Self.message(values).contains("a_total has the labels"))
  }

  private static func message(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }
}
