import MetricsAPI
import Testing

@Suite struct MetricQueryTests {
  @Test func `The HPA controller's query is decoded, and forwarded with the same meaning`() throws {
    let query = try MetricQuery.parse(
      "labelSelector=app%3Dx%2Ctier+in+%28a%2Cb%29&metricLabelSelector=verb%3DGET&timeout=5s")
    #expect(query.labelSelector?.text == "app=x,tier in (a,b)")
    #expect(
      query.labelSelector?.selector.requirements == [
        LabelSelector.Requirement(key: "app", operator: .equals, values: ["x"]),
        LabelSelector.Requirement(key: "tier", operator: .in, values: ["a", "b"]),
      ])
    #expect(query.metricLabelSelector?.text == "verb=GET")
    #expect(query.encoded() == "labelSelector=app%3Dx%2Ctier+in+%28a%2Cb%29&metricLabelSelector=verb%3DGET")
    #expect(try MetricQuery.parse(query.encoded()) == query)
  }

  @Test(arguments: ["", "&&", "labelSelector=", "labelSelector", "pretty=", "other=%20", "watch=0", "watch=False"])
  func `Nothing that matters is an empty query`(text: String) throws {
    let query = try MetricQuery.parse(text)
    #expect(query == MetricQuery())
    #expect(query.encoded().isEmpty)
  }

  @Test(arguments: ["watch=true", "watch=1", "watch", "watch=", "watch=yes", "%77atch=true"])
  func `A watch is recognized as Kubernetes recognizes it`(text: String) throws {
    #expect(try MetricQuery.parse(text).watch)
  }

  @Test(arguments: [("pretty=true", true), ("pretty=1", true), ("pretty=false", false), ("pretty=yes", false)])
  func `Pretty is a boolean`(text: String, expected: Bool) throws {
    #expect(try MetricQuery.parse(text).pretty == expected)
  }

  @Test func `Of a repeated parameter the first counts`() throws {
    let query = try MetricQuery.parse("labelSelector=a&labelSelector=b%20c")
    #expect(query.labelSelector?.text == "a")
  }

  @Test(arguments: ["labelSelector=%", "labelSelector=%4", "labelSelector=%zz", "labelSelector=%ff", "a;b"])
  func `A pair that cannot be decoded is refused, not dropped`(text: String) {
    #expect(throws: QueryError.malformed(pair: text)) { try MetricQuery.parse("x=y&" + text) }
  }

  @Test func `Of a query that cannot be read, the rest still says how to answer`() {
    for bad in ["labelSelector=%zz", "labelSelector=a+b", "a;b"] {
      let query = MetricQuery.withoutSelectors(Array("\(bad)&pretty=false&pretty=1&watch".utf8)[...])
      #expect(query == MetricQuery(watch: true, pretty: false))
    }
    #expect(MetricQuery.withoutSelectors(Array("a=%&pretty=".utf8)[...]) == MetricQuery())
  }

  @Test func `The values of a parameter are decoded, in their order, and broken ones passed over`() {
    let query = Array("exclude=a&%65xclude=b+c&exclude=%zz&excluded=d&exclude&x=1".utf8)[...]
    #expect(QueryParameters.values("exclude", in: query) == ["a", "b c", ""])
    #expect(QueryParameters.values("verbose", in: query).isEmpty)
  }

  @Test func `A bad selector is refused in the words of Kubernetes`() {
    let message = "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"
    let error = #expect(throws: QueryError.self) { try MetricQuery.parse("labelSelector=a+b") }
    #expect(error?.description == message)
    let second = #expect(throws: QueryError.self) { try MetricQuery.parse("metricLabelSelector=a+b") }
    #expect(second?.description == "couldn't parse the selector string \"a b\": " + message)
  }
}
