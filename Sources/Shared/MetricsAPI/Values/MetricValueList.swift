/// The answer to a metric request, a `MetricValueList` or an `ExternalMetricValueList`, looked at without being built.
package enum MetricValueList {
  /// Whether it has no items. Reads the whole of `body`, whose size the caller bounds.
  ///
  /// Throws where `body` is not a JSON object.
  package static func isEmpty(_ body: [UInt8]) throws(JSONScanner.Failure) -> Bool {
    guard let items = try JSONScanner.fields(body[...])["items"].nonNull else { return true }
    return try JSONScanner.elements(items).isEmpty
  }
}
