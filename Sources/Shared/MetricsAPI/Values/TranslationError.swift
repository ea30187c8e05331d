/// Why a backend's answer cannot be turned into another version: 502, never a value made up.
package enum TranslationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes are not JSON, at this offset.
  case notJSON(offset: Int)
  /// The document is not a `MetricValueList` of a custom metrics version.
  case notMetricValueList(kind: String, apiVersion: String)
  /// An item lacks what a metric value must have.
  case incomplete(item: Int, field: String)
  /// Only the two versions of custom metrics can be turned into each other.
  case unsupportedTarget(MetricsGroupVersion)

  package var description: String {
    switch self {
    case .notJSON(let offset): "the backend's answer is not JSON (at byte \(offset))"
    case .notMetricValueList(let kind, let apiVersion):
      "the backend answered with kind \"\(kind)\" of \"\(apiVersion)\", not with a MetricValueList"
    case .incomplete(let item, let field): "item \(item) of the backend's MetricValueList has no valid \"\(field)\""
    case .unsupportedTarget(let version): "a MetricValueList cannot be turned into \(version.rawValue)"
    }
  }
}
