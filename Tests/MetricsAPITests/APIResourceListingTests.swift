import MetricsAPI
import Testing

@Suite struct APIResourceListingTests {
  private func list(_ groupVersion: String, _ names: (String, Bool)...) -> [UInt8] {
    let entries = names.map {
      #"{"name":"\#($0.0)","singularName":"","namespaced":\#($0.1),"kind":"X","verbs":["get"]}"#
    }
    return Array(
      #"{"kind":"APIResourceList","groupVersion":"\#(groupVersion)","resources":[\#(entries.joined(separator: ","))]}"#
        .utf8)
  }

  @Test func `Custom entries are cut at their first slash, sorted, and counted when they name nothing`() throws {
    let bytes = list(
      "custom.metrics.k8s.io/v1beta1", ("pods/foo", true), ("pods/a/b", true), ("nodes/x", false), ("pods/foo", true),
      ("foo", true), ("", true), ("pods/", true), ("/custommetrics", false), ("pods/custommetrics", true), ("/", false))
    let listing = try APIResourceListing.decode(bytes, group: .custom)
    #expect(listing.groupVersion == .customV1Beta1)
    #expect(
      listing.metrics.custom.map(\.description) == [
        "nodes/x(root scoped)", "pods/a/b(namespaced)", "pods/foo(namespaced)",
      ])
    #expect(listing.metrics.placeholders == ["/custommetrics", "pods/custommetrics"])
    #expect(listing.skippedCount == 4)
    #expect(listing.metrics.count == 3)
  }

  @Test func `External entries are names`() throws {
    let bytes = list(
      "external.metrics.k8s.io/v1beta1", ("qlen", true), ("a|b", true), ("externalmetrics", true), ("a/b", true),
      ("", true))
    let listing = try APIResourceListing.decode(bytes, group: .external)
    #expect(listing.metrics == MetricsListing(external: ["a|b", "qlen"], placeholders: ["externalmetrics"]))
    #expect(listing.skippedCount == 2)
  }

  @Test func `A list without resources is empty`() throws {
    for resources in ["", #","resources":null"#, #","resources":[]"#] {
      let bytes = Array(
        #"{"kind":"APIResourceList","groupVersion":"external.metrics.k8s.io/v1beta1"\#(resources)}"#.utf8)
      #expect(try APIResourceListing.decode(bytes, group: .external).metrics.isEmpty)
    }
  }

  @Test func `What is no list of the group is refused with what it is`() {
    #expect(throws: ListingError.wrongGroupVersion(found: "external.metrics.k8s.io/v1beta1", expected: .custom)) {
      try APIResourceListing.decode(list("external.metrics.k8s.io/v1beta1"), group: .custom)
    }
    #expect(throws: ListingError.wrongGroupVersion(found: "custom.metrics.k8s.io/v9", expected: .custom)) {
      try APIResourceListing.decode(list("custom.metrics.k8s.io/v9"), group: .custom)
    }
    #expect(throws: ListingError.wrongKind(found: "Status")) {
      try APIResourceListing.decode(Array(#"{"kind":"Status","code":403}"#.utf8), group: .custom)
    }
    for text in ["", "<html>", "[]", "{}", #"{"kind":"APIResourceList","groupVersion":1}"#] {
      let error = #expect(throws: ListingError.self) { try APIResourceListing.decode(Array(text.utf8), group: .custom) }
      guard case .malformed = error else {
        Issue.record("\(text): \(String(describing: error))")
        continue
      }
    }
  }
}
