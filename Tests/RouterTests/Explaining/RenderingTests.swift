import EventLoop
import Foundation
import MetricsAPI
import Routing
import Testing
import YAML

@testable import metrics_router_server

@Suite struct RenderingTests {
  /// A folder with the snapshot of one source, whose name would read as a number.
  private func withSnapshot(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "rendering-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = RoutedSource(
      name: "1e3", priority: -1, serviceNamespace: "ns", serviceName: "adapter",
      backend: .init(scheme: .https, host: "adapter.ns.svc", port: 443), tls: .init(serverName: "adapter.ns.svc"),
      sendsToken: true, timeoutSeconds: 10, customVersions: [.customV1Beta2], externalVersions: [.externalV1Beta1],
      listing: MetricsListing(
        custom: [CustomMetric(resource: "pods", isNamespaced: true, name: "foo")], external: ["true", "a: b #c"]),
      isStale: false)
    let snapshot = Snapshot(generation: 3, writer: "test", time: "2026-06-24T07:12:19Z", sources: [source])
    let file = folder.appending(path: "table.json")
    try Data(snapshot.encode()).write(to: file)
    try await body(file.path)
  }

  private func run(_ arguments: String...) async throws -> String {
    guard case .run(let options) = try RouterOptions.parse(arguments) else {
      Issue.record("\(arguments) is not to be run")
      return ""
    }
    return try await SnapshotCommands.run(options).text
  }

  private func object(_ json: String) throws -> NSDictionary {
    try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? NSDictionary)
  }

  /// What the YAML module reads, as JSON again.
  private func object(yaml: String) throws -> NSDictionary {
    let documents = try YAML.documents(Array(yaml.utf8))
    #expect(documents.count == 1)
    return try object(String(decoding: try #require(documents.first).json(), as: UTF8.self))
  }

  @Test(arguments: [["routes"], ["explain", "pods/foo", "-n", "ns"], ["explain", "a: b #c"], ["explain", "nothing"]])
  func `YAML says the same as JSON`(_ command: [String]) async throws {
    try await withSnapshot { snapshot in
      guard case .run(var options) = try RouterOptions.parse(command + ["--snapshot", snapshot]) else { return }
      options.output = .json
      let json = try await SnapshotCommands.run(options).text
      options.output = .yaml
      let yaml = try await SnapshotCommands.run(options).text
      #expect(try object(json) == object(yaml: yaml))
      #expect(json.hasSuffix("}\n"))
      #expect(!yaml.contains("{") || yaml.contains("[]"))
    }
  }

  @Test func `routes are for programs by their names`() async throws {
    try await withSnapshot { snapshot in
      let routes = try object(try await run("routes", "-o", "json", "--snapshot", snapshot))
      #expect(routes["generation"] as? Int == 3)
      let names = (routes["routes"] as? [[String: Any]])?.compactMap { $0["metric"] as? String }
      #expect(names == ["pods/foo", "a: b #c", "true"])
      let yaml = try await run("routes", "--output=yaml", "--snapshot", snapshot)
      #expect(yaml.contains("name: \"1e3\"\n"))
      #expect(yaml.contains("metric: \"true\"\n"))
      #expect(try await run("routes", "-o", "wide", "--snapshot", snapshot).contains("FALLTHROUGH"))
    }
  }

  @Test func `a form that is not there is refused with those that are`() {
    #expect(throws: (any Error).self) { try RouterOptions.parse(["routes", "-o", "xml"]) }
    #expect(throws: (any Error).self) { try RouterOptions.parse(["-o", "json"]) }
  }

  @Test func `what a source said has its values, or its words`() throws {
    var source = source()
    source.fallThrough = FallThroughSet([.notFound])
    let good = FindingDocument(
      CandidateProbe.Finding(
        source: source, status: 200, duration: .microseconds(15_100), outcome: nil,
        words: BackendWords(
          status: 200,
          body: Array(#"{"items":[{"value":"1"},{"value":"2"},{"value":"3"},{"value":"4500m"}]}"#.utf8))))
    #expect(good.values == ["1", "2", "3", "4500m"])
    #expect(good.message == nil)
    #expect(good.latencySeconds == 0.0151)
    #expect(good.outcome == "answer" && !good.fallsThrough)
    let bad = FindingDocument(
      CandidateProbe.Finding(
        source: source, status: 404, duration: .seconds(1), outcome: .notFound,
        words: BackendWords(status: 404, body: Array(#"{"message":"no \u001b[31m"}"#.utf8))))
    #expect(bad.values == nil)
    #expect(bad.message == #"no \u001b[31m"#)
    #expect(bad.outcome == "NotFound" && bad.fallsThrough)
  }

  @Test(arguments: [
    (500, #"{"error":"boom"}"#, #"{"error":"boom"}"#), (500, #"{"items":[]}"#, #"{"items":[]}"#), (502, "", ""),
    (200, #"{"items":[]}"#, "no items"), (200, #"{"items":[{"value":"7"}]}"#, "7"), (200, "<html>", "<html>"),
  ])
  func `a failure is never shown as a list without items`(_ status: Int, _ body: String, _ shown: String) {
    let finding = CandidateProbe.Finding(
      source: source(), status: status, duration: .zero, outcome: status == 200 ? nil : .serverError,
      words: BackendWords(status: status, body: Array(body.utf8)))
    let line = FindingsTable.text([finding]).split(separator: "\n").last ?? ""
    #expect(shown.isEmpty ? !line.contains("no items") : line.hasSuffix(" \(shown)"))
  }

  @Test func `of a long list the first thousand values are kept, and how many there were`() {
    let items = (0..<1500).map { #"{"value":"\#($0)"}"# }.joined(separator: ",")
    let finding = CandidateProbe.Finding(
      source: source(), status: 200, duration: .zero, outcome: nil,
      words: BackendWords(status: 200, body: Array(#"{"items":[\#(items)]}"#.utf8)))
    let document = FindingDocument(finding)
    #expect(document.values?.count == 1000)
    #expect(document.omittedValues == 500)
    #expect(FindingsTable.text([finding]).hasSuffix("0 1 2 … (1500 items)\n"))
  }

  private func source() -> RoutedSource {
    RoutedSource(
      name: "a", priority: 1, serviceNamespace: "ns", serviceName: "a",
      backend: .init(scheme: .https, host: "a.ns.svc", port: 443), tls: .init(serverName: "a.ns.svc"),
      sendsToken: true, timeoutSeconds: 10, customVersions: [], externalVersions: [.externalV1Beta1],
      listing: MetricsListing(external: []), isStale: false)
  }
}
