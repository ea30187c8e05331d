import MetricsAPI
import Testing

@Suite struct NegotiationTests {
  private func negotiate(_ accept: String?, offered: MediaTypes = .all) -> [MediaType]? {
    guard let accepted = AcceptedTypes.negotiate(accept.map { Array($0.utf8)[...] }, offered: offered) else {
      return nil
    }
    // The order shows in what is best of what is left.
    var left = offered
    var order: [MediaType] = []
    while let best = accepted.best(of: left) {
      order.append(best)
      for set in [MediaTypes.json, .yaml, .protobuf] where set.contains(best) { left.remove(set) }
    }
    #expect(order.first == accepted.preferred)
    #expect(MediaType.allCases.filter(accepted.contains) == order.sorted { $0.rawValue < $1.rawValue })
    return order
  }

  @Test(
    arguments: [
      (nil, [.json, .yaml, .protobuf]),
      ("", [.json, .yaml, .protobuf]),
      ("*/*", [.json, .yaml, .protobuf]),
      ("*", [.json, .yaml, .protobuf]),
      ("application/*", [.json, .yaml, .protobuf]),
      ("application/json", [.json]),
      ("application/json, */*", [.json, .yaml, .protobuf]),
      // The HorizontalPodAutoscaler.
      ("application/vnd.kubernetes.protobuf, */*", [.protobuf, .json, .yaml]),
      ("application/vnd.kubernetes.protobuf,application/json", [.protobuf, .json]),
      ("*/*, application/vnd.kubernetes.protobuf", [.protobuf, .json, .yaml]),
      ("application/yaml", [.yaml]),
      ("Application/YAML ; charset=utf-8", [.yaml]),
      ("application/json;q=0.5, application/yaml;q=0.9", [.yaml, .json]),
      ("application/json;q=0.123, application/yaml;q=0.124", [.yaml, .json]),
      ("application/yaml;q=0, application/json", [.json, .yaml]),
      ("application/yaml;q=nonsense, application/json;q=0.1", [.json, .yaml]),
      // kubectl get: what wants a table is passed over.
      (
        "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json",
        [.json]
      ),
      ("application/yaml;as=Table;v=v1;g=meta.k8s.io, */*;q=0.1", [.json, .yaml, .protobuf]),
      ("application/json;stream=watch", [.json]),
      ("text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", [.json, .yaml, .protobuf]),
    ] as [(String?, [MediaType])])
  func `What a caller accepts is found, in its order`(accept: String?, expected: [MediaType]) {
    #expect(negotiate(accept) == expected)
  }

  @Test(arguments: [
    "text/html", "application/xml", "application", "/", "application/", "a/b/c", ",", ";", "application/json/x", " ",
    "*/json",
    "application/json;as=Table;v=v1;g=meta.k8s.io", "application/json;stream=other", "application/json;sv=v1",
    "application/vnd.kubernetes.protobuf;v=v1",
  ])
  func `What cannot be answered is not acceptable`(accept: String) {
    #expect(negotiate(accept) == nil)
  }

  @Test func `Only what is offered counts, and the message names it`() {
    #expect(negotiate(nil, offered: [.json, .yaml]) == [.json, .yaml])
    #expect(negotiate("application/vnd.kubernetes.protobuf, */*", offered: [.json, .yaml]) == [.json, .yaml])
    #expect(negotiate("application/vnd.kubernetes.protobuf", offered: [.json, .yaml]) == nil)
    #expect(negotiate("application/json", offered: [.yaml]) == nil)
    #expect(
      MediaTypes.all.notAcceptableMessage
        == "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf"
    )
    #expect(
      MediaTypes.json.notAcceptableMessage == "only the following media types are accepted: application/json")
  }

  @Test func `A backend is asked for protobuf only by who prefers it to JSON`() {
    let prefers = { (accept: String) in AcceptedTypes.negotiate(Array(accept.utf8)[...])?.prefersProtobuf }
    #expect(prefers("application/vnd.kubernetes.protobuf, */*") == true)
    #expect(prefers("application/yaml, application/vnd.kubernetes.protobuf;q=0.5, application/json;q=0.1") == true)
    #expect(prefers("*/*") == false)
    #expect(prefers("application/yaml") == false)
  }

  @Test func `A field of very many clauses is read to a bound`() {
    let many = String(repeating: "text/plain,", count: 100_000)
    #expect(negotiate(many + "application/json") == nil)
    #expect(negotiate("application/json," + many) == [.json])
  }

  @Test func `Indentation may be asked for with the type`() {
    let accepted = AcceptedTypes.negotiate(Array("application/json;pretty=1, */*".utf8)[...])
    #expect(accepted?.isPretty == true)
    #expect(AcceptedTypes.negotiate(Array("application/json, application/yaml;pretty=1".utf8)[...])?.isPretty == false)
  }

  @Test(
    arguments: [
      ("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList", .aggregated(.v2)),
      ("application/json;as=APIGroupDiscoveryList;v=v2beta1;g=apidiscovery.k8s.io", .aggregated(.v2beta1)),
      (
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json",
        .aggregated(.v2)
      ),
      (
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList;profile=nopeer,application/json",
        .aggregated(.v2)
      ),
      ("application/json, */*;q=0.1;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList", .aggregated(.v2)),
    ] as [(String, DiscoveryForm)])
  func `Aggregated discovery is had by whoever asks for it`(accept: String, expected: DiscoveryForm) {
    #expect(DiscoveryForm.negotiate(Array(accept.utf8)[...], offered: [.json]) == expected)
  }

  @Test(arguments: [
    nil, "*/*", "application/json",
    "application/json;g=apidiscovery.k8s.io;v=v3;as=APIGroupDiscoveryList,application/json",
    "application/vnd.kubernetes.protobuf;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList, */*",
    "application/json;charset=utf-8",
  ])
  func `Everybody else has the list of groups`(accept: String?) throws {
    let form = DiscoveryForm.negotiate(accept.map { Array($0.utf8)[...] }, offered: [.json])
    #expect(form == .groups(try #require(AcceptedTypes.negotiate(nil, offered: .json))))
  }

  @Test func `An aggregated document names its kind in its type`() {
    #expect(
      AggregatedDiscoveryVersion.v2beta1.contentType
        == "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList")
    #expect(
      DiscoveryForm.negotiate(Array(AggregatedDiscoveryVersion.v2.contentType.utf8)[...], offered: .json)
        == .aggregated(.v2))
    #expect(DiscoveryForm.negotiate(Array("text/html;a=b".utf8)[...], offered: .json) == nil)
  }
}
