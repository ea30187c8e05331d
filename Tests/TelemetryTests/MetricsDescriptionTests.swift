import Testing

@testable import Telemetry

@Suite struct MetricsDescriptionTests {
  private func problem(
    _ kind: MetricDescription.Kind, _ name: String, help: String = "Help.", labels: [String] = []
  ) -> String? {
    MetricDescription(kind: kind, name: name, help: help, labels: labels).problem
  }

  @Test func `names of letters, digits and underscores are sound`() {
    #expect(problem(.counter, "metrics_router_requests_total", labels: ["group", "code2", "_x"]) == nil)
    #expect(problem(.gauge, "process_open_fds") == nil)
    #expect(problem(.histogram, "metrics_router_request_duration_seconds", labels: ["source"]) == nil)
  }

  @Test(arguments: ["", "1a", "a-b", "a.b", "a b", "a:b", "camelCase", "größe", "a\n", "a\""])
  func `other names are refused, of metrics as of labels`(name: String) {
    #expect(problem(.gauge, name)?.hasPrefix("the name is not") == true)
    #expect(problem(.gauge, "a", labels: ["ok", name]) == "\(name) cannot be the name of a label")
  }

  @Test(arguments: ["__name__", "__x", "le", "quantile"])
  func `labels that have a meaning of their own are refused`(label: String) {
    #expect(problem(.histogram, "a", labels: [label]) != nil)
  }

  @Test func `a label that is there twice is refused`() {
    #expect(problem(.gauge, "a", labels: ["x", "y", "x"]) == "the label x is there twice")
  }

  @Test func `what the linter asks for is asked for`() {
    #expect(problem(.gauge, "a", help: "") == "there is no help text")
    #expect(problem(.counter, "a") == "counters, and they alone, are named _total")
    #expect(problem(.gauge, "a_total") == "counters, and they alone, are named _total")
    #expect(problem(.gauge, "a_count") == "the suffix _count belongs to histograms")
    #expect(problem(.gauge, "a_bucket") == "the suffix _bucket belongs to histograms")
  }
}
