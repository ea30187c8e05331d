import Foundation
import Options
import Testing

@testable import metrics_router_controller

@Suite struct ValidateTests {
  private func manifest(_ name: String, priority: Int = 1, types: String = "CustomMetrics", _ more: String = "")
    -> String
  {
    """
    ---
    apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1
    kind: MetricsSource
    metadata: {name: \(name)}
    spec:
      priority: \(priority)
      metricTypes: [\(types)]
      service: {namespace: ns, name: adapter, port: {number: 443}}
      \(more)

    """
  }

  private func report(_ files: (String, String)...) -> ValidationReport {
    ValidationReport(
      files.map { ValidationReport.File(name: $0.0, content: .success(Array($0.1.utf8))) },
      group: MetricsSource.defaultGroup)
  }

  @Test func `a good source is ok, and other kinds are passed over`() {
    let report = report(("a.yaml", "kind: Namespace\napiVersion: v1\n" + manifest("a")))
    #expect(
      report.lines == [
        "a.yaml: note: v1 Namespace is no MetricsSource, and passed over", "a.yaml: MetricsSource a: ok",
      ])
    #expect(!report.hasProblems)
  }

  @Test func `each problem is named as the controller's condition does`() {
    let report = report(
      ("a.yaml", manifest("a", "timeoutSeconds: 99\n  claims: [{metrics: ['a[0-9]']}]") + manifest("b", "auth: Basic")))
    #expect(
      report.lines == [
        "a.yaml: MetricsSource a: spec.timeoutSeconds: 99: use 1 to 60 seconds",
        #"a.yaml: MetricsSource a: spec.claims[0].metrics[0]: a[0-9]: * and ? alone are special in a pattern; leave out [ ] { } and \"#,
        "a.yaml: MetricsSource b: spec.auth: Cannot initialize Authentication from invalid String value Basic",
      ] + Array(report.lines.dropFirst(3)))
    #expect(report.hasProblems)
  }

  @Test func `files are looked at side by side`() {
    let report = report(
      ("a.yaml", manifest("a", priority: 5) + manifest("c", priority: 5, types: "ExternalMetrics")),
      ("b.yaml", manifest("a", priority: 6, "shadowOf: a") + manifest("b", priority: 5, "shadowOf: x")))
    #expect(
      report.lines == [
        "a.yaml: MetricsSource a: ok",
        "a.yaml: MetricsSource a: note: spec.priority: 5: b has the same; of those that have a metric, the first by name answers",
        "a.yaml: MetricsSource c: ok",
        "b.yaml: MetricsSource a: spec.shadowOf: a: name another MetricsSource, with which it is to be compared",
        "b.yaml: MetricsSource a: metadata.name: a: a.yaml has one of this name too; the last one applied counts",
        "b.yaml: MetricsSource b: ok",
        "b.yaml: MetricsSource b: note: spec.shadowOf: x: none of these files has it; it may be in the cluster",
        "b.yaml: MetricsSource b: note: spec.priority: 5: a has the same; of those that have a metric, the first by name answers",
      ])
  }

  @Test(arguments: [
    ("{", "a.yaml: line 2, column 1"),
    ("kind: MetricsSource", "a.yaml: MetricsSource (without a name): apiVersion: \"\": use"),
    (
      "{kind: MetricsSource, apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1, metadata: {}}",
      "a.yaml: MetricsSource (without a name): metadata.name: \"\": give it a name"
    ),
  ])
  func `what cannot be read as a source is a problem`(text: String, line: String) {
    let report = report(("a.yaml", text))
    #expect(report.lines.count == 1)
    #expect(report.lines.first?.hasPrefix(line) == true)
    #expect(report.hasProblems)
  }

  @Test func `a list is taken apart, and JSON read`() {
    let text =
      #"{"kind":"MetricsSourceList","items":[{"kind":"MetricsSource","apiVersion":"metricsrouter.io.metricsrouter.io/v1alpha1","metadata":{"name":"a"},"spec":{"priority":1,"metricTypes":["CustomMetrics"],"service":{"namespace":"ns","name":"adapter","port":{"number":443}}}}]}"#
    #expect(report(("a.json", text)).lines == ["a.json: MetricsSource a: ok"])
  }

  @Test func `a file that is not there is a problem, an empty one a note`() {
    let missing = ValidateCommand.run(["/nowhere/a.yaml"], group: MetricsSource.defaultGroup)
    #expect(missing.lines.first?.hasPrefix("/nowhere/a.yaml: open /nowhere/a.yaml: ") == true)
    #expect(missing.hasProblems)
    let empty = report(("a.yaml", "# nothing\n"))
    #expect(empty.lines == ["a.yaml: note: there is nothing in it"])
    #expect(!empty.hasProblems)
  }

  @Test func `the command takes files, and the group`() throws {
    guard
      case .command(.validate(let files, let group)) = try ControllerOptions.parse([
        "validate", "a.yaml", "-", "--api-group", "metricsrouter.io",
      ])
    else {
      Issue.record("it is another command")
      return
    }
    #expect(files == ["a.yaml", "-"])
    #expect(group == "metricsrouter.io")
  }

  @Test func `to apply and not to apply at once is refused`() {
    #expect(throws: OptionsError.self) { try ControllerOptions.parse(["adopt", "--apply", "--dry-run"]) }
    #expect(throws: OptionsError.foreignFlag("--force", command: "adopt")) {
      try ControllerOptions.parse(["adopt", "--force"])
    }
    #expect(throws: OptionsError.foreignFlag("--snapshot", command: "rollback")) {
      try ControllerOptions.parse(["rollback", "--snapshot", "x"])
    }
  }
}
