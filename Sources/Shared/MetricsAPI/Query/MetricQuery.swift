/// The query of a metric request: what it says beside its path.
package struct MetricQuery: Hashable, Sendable {
  /// A selector as it was written, decoded, and as it was understood.
  package struct Selector: Hashable, Sendable {
    package var text: String
    package var selector: LabelSelector

    init(text: String, selector: LabelSelector) {
      self.text = text
      self.selector = selector
    }

    /// Throws why `text` is no selector.
    package init(parsing text: String) throws(SelectorError) {
      self.init(text: text, selector: try LabelSelector.parse(text))
    }
  }

  /// Chooses the described objects; of external metrics, the metric's labels. Nil when absent or empty.
  package var labelSelector: Selector?
  /// Chooses among the labels of a custom metric. Nil when absent or empty.
  package var metricLabelSelector: Selector?
  /// The caller asks to watch, which the metrics APIs do not offer: 405.
  package var watch: Bool
  /// Whether the caller asks for indented JSON; nil when the query does not say.
  package var pretty: Bool?

  package init(
    labelSelector: Selector? = nil, metricLabelSelector: Selector? = nil, watch: Bool = false, pretty: Bool? = nil
  ) {
    self.labelSelector = labelSelector
    self.metricLabelSelector = metricLabelSelector
    self.watch = watch
    self.pretty = pretty
  }

  /// What to send to a backend: the two selectors with their text as it came, encoded anew, without a leading `?`.
  /// Empty when there is none.
  package func encoded() -> String {
    var query = ""
    append("labelSelector", labelSelector, to: &query)
    append("metricLabelSelector", metricLabelSelector, to: &query)
    return query
  }

  private func append(_ name: String, _ selector: Selector?, to query: inout String) {
    guard let selector else { return }
    if !query.isEmpty { query.append("&") }
    query.append(name)
    query.append("=")
    PercentEncoding.appendQuery(selector.text, to: &query)
  }
}
