import MetricsAPI
import Testing

@Suite struct SourcePinTests {
  @Test(arguments: [
    ("metricsrouter.io/source=keda", ""), ("a=b,metricsrouter.io/source=keda", "a=b"),
    ("metricsrouter.io/source in (keda),c notin (x,y),!d", "c notin (x,y),!d"),
    ("e,metricsrouter.io/source==keda,f!=g,h>1", "e,f!=g,h>1"),
    ("metricsrouter.io/source=keda,metricsrouter.io/source=keda", ""),
    ("metricsrouter.io/source=keda,x in (,),y notin (,a)", "x in (,),y notin (,a)"),
  ])
  func `A pin is taken out of an external metric's selector, and nothing else is`(text: String, rest: String) throws {
    var query = try MetricQuery.parse("labelSelector=" + text.replacing("+", with: "%2B").replacing(" ", with: "+"))
    #expect(try query.takePin(for: .external) == "keda")
    #expect((query.labelSelector?.text ?? "") == rest)
    #expect(query.labelSelector?.selector ?? LabelSelector() == (try LabelSelector.parse(rest)))
  }

  @Test func `Of a custom metric the pin stands in the metric's own selector`() throws {
    var query = try MetricQuery.parse(
      "labelSelector=app%3Dweb&metricLabelSelector=metricsrouter.io/source%3Dprometheus,verb%3DGET")
    #expect(try query.takePin(for: .custom) == "prometheus")
    #expect(query.encoded() == "labelSelector=app%3Dweb&metricLabelSelector=verb%3DGET")
  }

  @Test func `A query without a pin stays as it was written`() throws {
    var query = try MetricQuery.parse("labelSelector=a+in+(c,b),+d")
    let before = query
    #expect(try query.takePin(for: .external) == nil)
    #expect(query == before)
  }

  @Test(arguments: [
    "metricsrouter.io/source", "!metricsrouter.io/source", "metricsrouter.io/source!=keda",
    "metricsrouter.io/source in (a,b)", "metricsrouter.io/source notin (a)", "metricsrouter.io/source=",
    "metricsrouter.io/source=a,metricsrouter.io/source=b",
  ])
  func `A pin that names no single source is refused`(text: String) throws {
    var query = try MetricQuery.parse("labelSelector=" + text.replacing(" ", with: "+"))
    #expect(throws: QueryError.self) { try query.takePin(for: .external) }
  }
}
