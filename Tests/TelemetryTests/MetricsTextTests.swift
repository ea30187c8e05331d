import Testing

/// What reads the exposition in the other tests notices what a scrape would fail for.
@Suite struct MetricsTextTests {
  private static let head = "# HELP a A.\n# TYPE a gauge\n"
  private static let histogram = "# HELP h H.\n# TYPE h histogram\n"

  @Test(arguments: [
    "a 1\n", "# TYPE a gauge\na 1\n", "# HELP a A.\na 1\n", head, head + "a 1", head + "b 1\n", head + "a\n",
    head + "a x\n", head + "a{} 1\n", head + "a{l=\"x} 1\n", head + "a{l=x} 1\n", head + "a{l=\"\\x\"} 1\n",
    head + "a{l=\"x\",l=\"x\"} 1\n", head + "a{l=\"x\"} 1\na{l=\"x\"} 2\n", head + "a 1\n" + head + "a{l=\"x\"} 1\n",
    "# HELP a A.\n# TYPE a gauges\na 1\n", histogram + "h_bucket{le=\"+Inf\"} 1\nh_sum 1\n",
    histogram + "h_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n",
    histogram + "h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",
    histogram + "h_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 2\n",
  ])
  func `text that is no sound exposition is refused`(text: String) {
    #expect(throws: MetricsText.Refusal.self) { try MetricsText(Array(text.utf8)) }
  }

  @Test func `text that is one is read`() throws {
    let text = try MetricsText(
      Array((Self.head + "a 1\n" + Self.histogram + "h_bucket{le=\"+Inf\"} 1\nh_sum 0.5\nh_count 1\n").utf8))
    #expect(text.families.map(\.name) == ["a", "h"])
    #expect(text.value("h_sum") == 0.5)
  }
}
