/// One thing wrong with a MetricsSource, told to the person who wrote it.
package struct SpecProblem: Hashable, Sendable, CustomStringConvertible {
  /// The field: `spec.service.port.number`.
  package let path: String
  /// What it holds, cut where long.
  package let value: String
  /// What to do about it.
  package let advice: String

  package init(path: String, value: String, advice: String) {
    self.path = path
    self.value = value
    self.advice = advice
  }

  /// `spec.timeoutSeconds: 99: set 1 to 60`
  package var description: String { "\(path): \(value): \(advice)" }

  static func tooMany(_ count: Int, at path: String, limit: Int) -> SpecProblem {
    SpecProblem(path: path, value: "\(count) entries", advice: "use at most \(limit)")
  }

  /// A value as a message shows it.
  static func cut(_ value: String) -> String {
    value.isEmpty ? "\"\"" : Quotation.of(value, upTo: 128)
  }
}
