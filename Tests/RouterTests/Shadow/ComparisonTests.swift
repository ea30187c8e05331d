import Foundation
import HTTP
import MetricsAPI
import Testing

@testable import metrics_router_server

@Suite struct ComparisonTests {
  private func response(_ body: String, status: Int = 200) -> Response {
    Response(status: status, contentType: "application/json", body: Array(body.utf8))
  }

  /// Items of pods: `name:value`.
  private func custom(_ items: String...) -> Comparison.Side {
    let items = items.map { item in
      let parts = item.split(separator: ":")
      return
        #"{"describedObject":{"kind":"Pod","namespace":"ns","name":"\#(parts[0])"},"metric":{"name":"m"},"value":"\#(parts[1])"}"#
    }
    return Comparison.Side(response(#"{"items":[\#(items.joined(separator: ","))]}"#), .custom)
  }

  /// Items with labels as JSON, and values as JSON.
  private func external(_ items: (labels: String, value: String)...) -> Comparison.Side {
    let items = items.map { #"{"metricName":"m","metricLabels":\#($0.labels),"value":\#($0.value)}"# }
    return Comparison.Side(response(#"{"items":[\#(items.joined(separator: ","))]}"#), .external)
  }

  private func compare(_ primary: Comparison.Side, _ shadow: Comparison.Side) -> Comparison {
    Comparison(primary, shadow, tolerance: 0.01)
  }

  @Test func `values agree within the tolerance`() {
    #expect(compare(custom("a:1500m", "b:1Ki"), custom("b:1024", "a:1.5")).result == .agreed)
    #expect(compare(custom("a:100"), custom("a:99")).result == .agreed)
    let comparison = compare(custom("a:100", "b:7"), custom("a:98", "b:7"))
    #expect(comparison.result == .differed)
    #expect(comparison.ratios == [0.02, 0])
    #expect(comparison.largest == .init(item: "Pod ns/a", primary: "100", shadow: "98", ratio: 0.02))
  }

  @Test func `zero agrees with zero alone`() {
    #expect(compare(custom("a:0"), custom("a:0m")).result == .agreed)
    #expect(compare(custom("a:0"), custom("a:1n")).ratios == [1])
  }

  @Test func `objects that only one of them has are missing, and the others are compared`() {
    let comparison = compare(custom("a:1", "b:2"), custom("a:1", "c:2"))
    #expect(comparison.result == .missing)
    #expect(comparison.ratios == [0])
    #expect(comparison.largest == .init(item: "Pod ns/b", primary: "2", shadow: "", ratio: .infinity))
    #expect(compare(custom("a:1"), custom()).result == .missing)
    #expect(compare(custom(), custom()).result == .agreed)
    #expect(compare(custom("a:1", "a:2"), custom("a:1")).result == .missing)
  }

  @Test func `external values are matched by their labels, in any order`() {
    let (first, second) = (#"{"q":"x","r":"1"}"#, #"{"q":"y"}"#)
    #expect(
      compare(
        external((first, #""1""#), (second, #""2""#)), external((second, #""2""#), (#"{"r":"1","q":"x"}"#, #""1""#))
      ).result == .agreed)
    #expect(
      compare(external((first, #""1""#), (second, #""2""#)), external((first, #""2""#), (second, #""1""#))).result
        == .differed)
  }

  @Test func `single external values are a pair whatever their labels`() {
    #expect(compare(external((#"{"q":"x"}"#, #""5""#)), external(("null", "5"))).result == .agreed)
    #expect(compare(external((#"{"q":"x"}"#, #""5""#)), external(("null", "5.5"))).result == .differed)
    #expect(compare(custom("a:1"), custom("b:1")).result == .missing)
  }

  @Test(arguments: [
    (404, 404, Comparison.Result.agreed), (404, 400, .bothFailed), (503, 503, .bothFailed), (500, 404, .bothFailed),
  ])
  func `both refuse alike, or have failed`(_ primary: Int, _ shadow: Int, _ result: Comparison.Result) {
    #expect(compare(.failure(status: primary), .failure(status: shadow)).result == result)
  }

  @Test func `one that has failed is told from the other`() {
    #expect(compare(custom("a:1"), .failure(status: 404)).result == .shadowFailed)
    #expect(compare(.failure(status: 404), custom("a:1")).result == .primaryFailed)
  }

  @Test(arguments: [
    "", "[]", "{", #"{"items":{}}"#, #"{"items":[{}]}"#, #"{"items":[{"value":"1"}]}"#,
    #"{"items":[{"describedObject":{"name":"a"},"value":"many"}]}"#,
    #"{"items":[{"describedObject":{"name":"a"},"value":null}]}"#,
    #"{"items":"# + String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000) + "}",
  ])
  func `a body without values in it is a failure`(_ body: String) {
    #expect(Comparison.Side(response(body), .custom) == .failure(status: 502))
  }

  @Test func `an answer other than 200 is what its code says`() {
    #expect(Comparison.Side(response("{}", status: 404), .custom) == .failure(status: 404))
  }
}
