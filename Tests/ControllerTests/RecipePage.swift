import Foundation
import Routing
import Testing

@testable import metrics_router_controller

/// One page of `docs/adapters`, made of `<adapter>.yaml` and `<adapter>.md.in` of `Tests/Fixtures/Adapters`.
struct RecipePage: Sendable, CustomTestStringConvertible {
  /// A line of a template that is replaced: `{{manifest}}`.
  private enum Part: String, CaseIterable {
    case manifest, access, rbac, check, table

    var line: String { "{{\(rawValue)}}" }
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized
  private static let fixtures = repository.appending(path: "Tests/Fixtures/Adapters")
  static let documents = repository.appending(path: "docs/adapters")

  /// Those of which there is a manifest, by name.
  static let all: [RecipePage] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: fixtures.path())) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { RecipePage(name: String($0.dropLast(5))) }
      .sorted { $0.name < $1.name }
  }()

  let name: String
  var testDescription: String { name }

  var source: MetricsSource {
    get throws {
      let manifest = Array(try Self.fixture("\(name).yaml").utf8)
      let sources = try FolderManifests.parse(manifest, group: MetricsSource.defaultGroup)
      guard sources.count == 1 else { throw Failure(description: "\(name).yaml: \(sources.count) sources, not one") }
      return sources[0]
    }
  }

  /// What `adopt` knows of the adapter, by its Service or, where that has a common name, by the source's.
  var known: AdapterRecipe? {
    get throws {
      let source = try source
      let service = source.spec.service
      return [service.name, source.name].lazy.compactMap { name in
        AdapterRecipe.of(ServiceAddress(namespace: service.namespace, name: name, port: 443), [])
      }.first
    }
  }

  var text: String {
    get throws {
      let manifest = try Self.fixture("\(name).yaml")
      let check = try Self.fixture("check.md.in").replacingOccurrences(of: "{{name}}", with: name)
        .replacingOccurrences(of: "{{source}}", with: try source.name)
      return try Self.filled(
        try Self.fixture("\(name).md.in"),
        [
          .manifest: Self.fenced(manifest), .access: Self.fixture("access.md.in"), .rbac: Self.fenced(Self.rbac),
          .check: check,
        ])
    }
  }

  /// `README.md` of the folder.
  static func overview(_ pages: [RecipePage]) throws -> String {
    var table = "| adapter | serves | claims | falls through on |\n|---|---|---|---|\n"
    for page in pages {
      let spec = try page.source.spec
      let types = spec.metricTypes.map { $0 == .customMetrics ? "C" : "E" }.joined(separator: ", ")
      let claims = spec.claims.isEmpty ? "" : spec.claims.map(Self.cell).joined(separator: "<br>")
      let outcomes = spec.fallThrough.map { "`\($0.rawValue)`" }.joined(separator: ", ")
      table += "| [\(try page.title)](\(page.name).md) | \(types) | \(claims) | \(outcomes) |\n"
    }
    return try filled(try fixture("README.md.in"), [.table: table])
  }

  private static func cell(_ claim: Claim) -> String {
    let names = claim.metrics.map(\.pattern) + claim.selectorKeys.map(\.description)
    let type = claim.metricType == .customMetrics ? "C" : "E"
    return names.isEmpty
      ? "\(type): any"
      : "\(type): " + names.map { "`\($0.replacingOccurrences(of: "|", with: "\\|"))`" }.joined(separator: ", ")
  }

  private var title: String {
    get throws { String(try Self.fixture("\(name).md.in").split(separator: "\n")[0].dropFirst(2)) }
  }

  /// The role that lets the router read and its binding, as `deploy/all-in-one.yaml` has them.
  private static var rbac: String {
    get throws {
      let manifests = try String(contentsOf: repository.appending(path: "deploy/all-in-one.yaml"), encoding: .utf8)
      let roles = manifests.components(separatedBy: "\n---\n")
        .filter { $0.contains("\n  name: metrics-router-backend-reader\n") && $0.contains("\nkind: ClusterRole") }
      guard roles.count == 2 else {
        throw Failure(
          description: "deploy/all-in-one.yaml: \(roles.count) documents named metrics-router-backend-reader")
      }
      return roles.joined(separator: "\n---\n")
    }
  }

  private static func fixture(_ name: String) throws -> String {
    try String(contentsOf: fixtures.appending(path: name), encoding: .utf8)
  }

  private static func fenced(_ yaml: String) -> String {
    "```yaml\n\(yaml.trimmingCharacters(in: .newlines))\n```\n"
  }

  /// `template` with its parts, parts of parts included.
  private static func filled(_ template: String, _ parts: [Part: String]) throws -> String {
    var text = template
    for part in [Part.manifest, .access, .rbac, .check, .table] {
      guard let content = parts[part] else { continue }
      text = text.replacingOccurrences(of: part.line, with: content.trimmingCharacters(in: .newlines))
    }
    if let rest = text.range(of: "{{") {
      throw Failure(description: "nothing to put in place of \(text[rest.lowerBound...].prefix(20))")
    }
    return text
  }
}
