/// One item of a `MetricValueList` of either version: the bytes of its fields.
struct MetricValueItem {
  private let describedObject: ArraySlice<UInt8>
  private let metricName: ArraySlice<UInt8>
  private let selector: ArraySlice<UInt8>?
  private let timestamp: ArraySlice<UInt8>?
  private let window: ArraySlice<UInt8>?
  private let value: ArraySlice<UInt8>

  /// Reads an item of `version`. What a value means nothing without must be there: its object, its name, its quantity.
  init(_ bytes: ArraySlice<UInt8>, index: Int, version: MetricsGroupVersion) throws(TranslationError) {
    let fields = try MetricValueListTranslation.fields(bytes)
    let require = { (field: String, value: ArraySlice<UInt8>?, starts: String) throws(TranslationError) in
      guard let value, let first = value.first, starts.utf8.contains(first) else {
        throw TranslationError.incomplete(item: index, field: field)
      }
      return value
    }
    describedObject = try require("describedObject", fields["describedObject"], "{")
    // A quantity is a string, but Kubernetes reads a number too.
    value = try require("value", fields["value"], "\"-0123456789")
    timestamp = fields["timestamp"]
    if version == .customV1Beta2 {
      let metric = try MetricValueListTranslation.fields(try require("metric", fields["metric"], "{"))
      metricName = try require("metric.name", metric["name"], "\"")
      selector = metric["selector"]
      window = fields["windowSeconds"].nonNull
    } else {
      metricName = try require("metricName", fields["metricName"], "\"")
      selector = fields["selector"]
      window = fields["window"].nonNull
    }
  }

  func append(to json: inout JSONText, version: MetricsGroupVersion) {
    let isBeta2 = version == .customV1Beta2
    json.raw(#"{"describedObject":"#)
    json.raw(describedObject)
    if isBeta2 {
      json.raw(#","metric":{"name":"#)
      json.raw(metricName)
      appendSelector(to: &json)
      json.raw("}")
    } else {
      json.raw(#","metricName":"#)
      json.raw(metricName)
    }
    if let timestamp {
      json.raw(#","timestamp":"#)
      json.raw(timestamp)
    }
    if let window {
      json.raw(isBeta2 ? #","windowSeconds":"# : #","window":"#)
      json.raw(window)
    }
    json.raw(#","value":"#)
    json.raw(value)
    if !isBeta2 { appendSelector(to: &json) }
    json.raw("}")
  }

  /// Both versions write `null` where there is no selector.
  private func appendSelector(to json: inout JSONText) {
    json.raw(#","selector":"#)
    if let selector { json.raw(selector) } else { json.raw("null") }
  }
}
