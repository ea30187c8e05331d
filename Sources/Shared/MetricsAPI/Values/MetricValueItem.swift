/// One item of a `MetricValueList` of either version: where its fields lie.
struct MetricValueItem {
  /// What is a field of the item in v1beta1, and of `metric` in v1beta2.
  private struct Metric {
    var name: Range<Int>?
    var selector: Range<Int>?
  }

  private var describedObject: Range<Int>?
  private var value: Range<Int>?
  private var timestamp: Range<Int>?
  private var former = Metric()
  private var formerWindow: Range<Int>?
  /// Nil where there is none, or it is no object.
  private var current: Metric?
  private var currentWindow: Range<Int>?

  /// Reads the item that comes next, of whichever version. Of a repeated field the last one counts.
  init(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
    try scanner.object { (scanner, name) throws(JSONScanner.Failure) in
      if scanner.isText("metric", at: name) {
        current = try Self.metric(&scanner)
        return
      }
      let value = try scanner.value()
      if scanner.isText("describedObject", at: name) {
        describedObject = value
      } else if scanner.isText("value", at: name) {
        self.value = value
      } else if scanner.isText("timestamp", at: name) {
        timestamp = value
      } else if scanner.isText("metricName", at: name) {
        former.name = value
      } else if scanner.isText("selector", at: name) {
        former.selector = value
      } else if scanner.isText("window", at: name) {
        formerWindow = value
      } else if scanner.isText("windowSeconds", at: name) {
        currentWindow = value
      }
    }
  }

  private static func metric(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> Metric? {
    guard scanner.comes(UInt8(ascii: "{")) else {
      _ = try scanner.value()
      return nil
    }
    var metric = Metric()
    try scanner.object { (scanner, name) throws(JSONScanner.Failure) in
      let value = try scanner.value()
      if scanner.isText("name", at: name) {
        metric.name = value
      } else if scanner.isText("selector", at: name) {
        metric.selector = value
      }
    }
    return metric
  }

  /// Writes the item, which is number `index` of the list in `body` and of version `source`, in the other version. What a
  /// value means nothing without must be there: its object, its name, its quantity.
  func append(
    to json: inout JSONText, of body: ArraySlice<UInt8>, from source: MetricsGroupVersion, index: Int
  ) throws(TranslationError) {
    let require = { (field: String, place: Range<Int>?, starts: String) throws(TranslationError) in
      guard let place, let first = body[place].first, starts.utf8.contains(first) else {
        throw TranslationError.incomplete(item: index, field: field)
      }
      return body[place]
    }
    let isFromBeta2 = source == .customV1Beta2
    let describedObject = try require("describedObject", describedObject, "{")
    // A quantity is a string, but Kubernetes reads a number too.
    let value = try require("value", value, "\"-0123456789")
    if isFromBeta2, current == nil { throw .incomplete(item: index, field: "metric") }
    let metric = isFromBeta2 ? current ?? Metric() : former
    let name = try require(isFromBeta2 ? "metric.name" : "metricName", metric.name, "\"")
    let window = (isFromBeta2 ? currentWindow : formerWindow).map { body[$0] }.nonNull
    // Both versions write `null` where there is no selector.
    let selector = metric.selector.map { body[$0] }

    json.literal(#"{"describedObject":"#)
    json.raw(describedObject)
    json.literal(isFromBeta2 ? #","metricName":"# : #","metric":{"name":"#)
    json.raw(name)
    if !isFromBeta2 {
      json.literal(#","selector":"#)
      if let selector { json.raw(selector) } else { json.literal("null") }
      json.literal("}")
    }
    if let timestamp {
      json.literal(#","timestamp":"#)
      json.raw(body[timestamp])
    }
    if let window {
      json.literal(isFromBeta2 ? #","window":"# : #","windowSeconds":"#)
      json.raw(window)
    }
    json.literal(#","value":"#)
    json.raw(value)
    if isFromBeta2 {
      json.literal(#","selector":"#)
      if let selector { json.raw(selector) } else { json.literal("null") }
    }
    json.literal("}")
  }
}
