extension MetricQuery {
  package static func parse(_ query: String) throws(QueryError) -> MetricQuery {
    try parse(Array(query.utf8))
  }

  /// Reads a query without its `?`. Of a repeated parameter the first counts, as in Go; others are ignored.
  package static func parse(_ query: [UInt8]) throws(QueryError) -> MetricQuery {
    var result = MetricQuery()
    var seen: Set<String> = []
    for pair in query.split(separator: UInt8(ascii: "&")) {
      let (name, value) = try decode(pair)
      guard seen.insert(name).inserted else { continue }
      switch name {
      case "labelSelector": result.labelSelector = try selector(name, value)
      case "metricLabelSelector": result.metricLabelSelector = try selector(name, value)
      case "watch": result.watch = isTrue(value)
      case "pretty": result.pretty = value.isEmpty ? nil : ["1", "t", "T", "TRUE", "true", "True"].contains(value)
      default: continue
      }
    }
    return result
  }

  /// Everything but `false` and `0`, as `Convert_Slice_string_To_bool` of k8s.io/apimachinery has it.
  private static func isTrue(_ value: String) -> Bool {
    value != "0" && value.lowercased() != "false"
  }

  private static func selector(_ parameter: String, _ text: String) throws(QueryError) -> Selector? {
    if text.isEmpty { return nil }
    do {
      return Selector(text: text, selector: try LabelSelector.parse(text))
    } catch {
      throw .selector(parameter: parameter, text: text, error: error)
    }
  }

  private static func decode(_ pair: ArraySlice<UInt8>) throws(QueryError) -> (name: String, value: String) {
    var parts: (name: [UInt8], value: [UInt8]) = ([], [])
    var isValue = false
    var rest = pair
    while var byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "=") where !isValue:
        isValue = true
        continue
      case UInt8(ascii: ";"): throw malformed(pair)
      case UInt8(ascii: "+"): byte = UInt8(ascii: " ")
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst(), let low = rest.popFirst(), let decoded = PercentEncoding.byte(high, low)
        else {
          throw malformed(pair)
        }
        byte = decoded
      default: break
      }
      if isValue { parts.value.append(byte) } else { parts.name.append(byte) }
    }
    guard let name = String(validating: parts.name, as: UTF8.self),
      let value = String(validating: parts.value, as: UTF8.self)
    else { throw malformed(pair) }
    return (name, value)
  }

  private static func malformed(_ pair: ArraySlice<UInt8>) -> QueryError {
    .malformed(pair: String(decoding: pair.prefix(256), as: UTF8.self))
  }
}
