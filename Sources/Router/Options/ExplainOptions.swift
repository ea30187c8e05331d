import Options

/// What a metric is explained for.
struct ExplainOptions: Sendable {
  var namespace: String?
  /// Of the metric's labels; perhaps with a pin.
  var selector: String
  var object: String?
  /// Of the described objects.
  var objectSelector: String
  /// Whether the candidates are really asked.
  var asks: Bool

  static func declare(_ flags: inout FlagSet) -> (ParsedFlags) -> ExplainOptions {
    let namespace = flags.string(
      "namespace", short: "n", placeholder: "name",
      "The namespace asked in; without it, a custom metric is cluster-scoped.")
    let selector = flags.string(
      "selector", short: "l", default: "", placeholder: "labels",
      "The selector of the metric, as an HPA's metric.selector: key=value,...")
    let object = flags.string("object", placeholder: "name", "The described object to ask about; all by default.")
    let objectSelector = flags.string(
      "object-selector", default: "", placeholder: "labels",
      "The selector of the described objects, as that of an HPA's pods; custom metrics only.")
    let asks = flags.bool(
      "ask", "Ask each candidate, and show what it says; exits with 1 unless the answer has a value.")
    return { parsed in
      ExplainOptions(
        namespace: parsed[namespace], selector: parsed[selector], object: parsed[object],
        objectSelector: parsed[objectSelector], asks: parsed[asks])
    }
  }
}
