import Foundation
import Routing
import Testing

@testable import metrics_router_controller

/// `docs/adapters`, the MetricsSources in it, and what becomes of the adapters' metrics by them.
@Suite struct AdapterRecipesTests {
  static let pages = RecipePage.all

  @Test func `There is a recipe for every adapter that is known`() {
    #expect(Self.pages.map(\.name) == AdapterRecipePages.names)
    #expect(Self.pages.count == AdapterRecipe.known.count)
  }

  @Test(arguments: pages)
  func `The manifest of a recipe can be used`(_ page: RecipePage) throws {
    let source = try page.source
    #expect(source.problem == nil)
    #expect(source.spec.service.scheme == .https)
  }

  @Test(arguments: pages)
  func `A recipe says what adopting the adapter would write`(_ page: RecipePage) throws {
    let source = try page.source
    let known = try #require(try page.known)
    #expect(source.spec.claims == known.claims(of: source.spec.metricTypes))
    #expect(source.spec.fallThrough == known.fallThrough)
  }

  /// With `UPDATE_DOCS=1` in the environment it is written anew.
  @Test(arguments: pages.map(\.name) + ["README"])
  func `The document shows what the fixture says`(_ name: String) throws {
    let text = try name == "README" ? RecipePage.overview(Self.pages) : RecipePage(name: name).text
    let file = RecipePage.documents.appending(path: "\(name).md")
    if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let written = try String(contentsOf: file, encoding: .utf8)
    #expect(written == text, "docs/adapters/\(name).md is out of date: UPDATE_DOCS=1")
  }
}

enum AdapterRecipePages {
  static let names = [
    "alibaba", "azure", "cloudwatch", "datadog", "karmada", "keda", "keptn", "kube-metrics-adapter", "new-relic",
    "prometheus-adapter", "stackdriver", "wavefront",
  ]
}
