import Testing

@testable import Routing

@Suite struct ClaimIndexKeyTests {
  private func prefixes(_ field: ClaimIndexKey.Field, _ texts: String...) -> ClaimIndexKey {
    .prefixes(field, texts.map { Array($0.utf8) })
  }

  @Test func `A claim is filed where it has the fewest neighbours`() {
    let claims = [
      Claim(metrics: [Glob("s*-*")], selectorKeys: [SelectorKey("app=a")]),
      Claim(metrics: [Glob("s*-*")], namespaces: [Glob("team-?")]),
      Claim(metrics: [Glob("queue-a")], selectorKeys: [SelectorKey("app=a"), SelectorKey("app")]),
      Claim(metrics: [Glob("*-length")], resources: [Glob("deployments.*")]),
      Claim(),
    ]
    #expect(
      ClaimIndexKey.choose(for: claims) == [
        .prefixes(.metrics, [Array("s".utf8)]), prefixes(.namespaces, "team-"), prefixes(.metrics, "queue-a"),
        prefixes(.resources, "deployments."), prefixes(.metrics, ""),
      ])
    let tenants = (0..<3).map { Claim(metrics: [Glob("s*-*")], selectorKeys: [SelectorKey("app=\($0)")]) }
    #expect(ClaimIndexKey.choose(for: tenants) == (0..<3).map { .selectorKey(SelectorKey("app=\($0)")) })
  }
}
