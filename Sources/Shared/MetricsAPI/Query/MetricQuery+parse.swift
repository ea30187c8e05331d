extension MetricQuery {
  /// Reads a query without its `?`. Throws what is wrong with the selector or another parameter.
  package static func parse(_ query: String) throws(QueryError) -> MetricQuery {
    try parse(Array(query.utf8))
  }

  /// Reads a query without its `?`. Of a repeated parameter the first counts, as in Go; others are ignored.
  package static func parse(_ query: [UInt8]) throws(QueryError) -> MetricQuery {
    var result = MetricQuery()
    var seen: Set<String> = []
    for pair in query.split(separator: UInt8(ascii: "&")) {
      let (name, value) = try QueryParameters.decode(pair)
      guard seen.insert(name).inserted else { continue }
      switch name {
      case "labelSelector": result.labelSelector = try selector(name, value)
      case "metricLabelSelector": result.metricLabelSelector = try selector(name, value)
      case "watch": result.watch = isTrue(value)
      case "pretty": result.pretty = pretty(value)
      default: continue
      }
    }
    return result
  }

  /// What a query says that ``parse(_:)`` cannot read, apart from its selectors: how the failure is to be written, and what
  /// the caller has to be allowed. Go reads as much of it.
  package static func withoutSelectors(_ query: ArraySlice<UInt8>) -> MetricQuery {
    MetricQuery(
      watch: QueryParameters.values("watch", in: query).first.map(isTrue) ?? false,
      pretty: QueryParameters.values("pretty", in: query).first.flatMap(pretty))
  }

  /// As `ParseBool` of Go's `strconv` has it, every other value but an empty one being false.
  private static func pretty(_ value: String) -> Bool? {
    value.isEmpty ? nil : ["1", "t", "T", "TRUE", "true", "True"].contains(value)
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
}
