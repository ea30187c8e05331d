import FoundationEssentials

/// Translates a list of custom metric values between v1beta1 and v1beta2, for callers and backends that do not speak the
/// same one. Values and times are taken over letter by letter.
package enum MetricValueListTranslation {
  /// `version` is the one wanted; a list that is of it already comes back in its own words. Throws ``TranslationError``
  /// for what is no such list, so that nothing is made up.
  package static func translate(_ json: [UInt8], to version: MetricsGroupVersion) throws(TranslationError) -> [UInt8] {
    var list: MetricValueList
    do {
      list = try JSONDecoder().decode(MetricValueList.self, from: Data(json))
    } catch {
      throw .notAList
    }
    guard list.kind == "MetricValueList", let spoken = MetricsGroupVersion(rawValue: list.apiVersion),
      spoken.group == .custom, version.group == .custom
    else { throw .otherKind(kind: list.kind, apiVersion: list.apiVersion) }
    list.apiVersion = version.rawValue
    for index in list.items.indices { try translate(&list.items[index], at: index, to: version) }
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
      return Array(try encoder.encode(list)) + [UInt8(ascii: "\n")]
    } catch {
      throw .notAList
    }
  }

  private static func translate(
    _ item: inout MetricValueList.Item, at index: Int, to version: MetricsGroupVersion
  ) throws(TranslationError) {
    guard let name = item.metric?.name ?? item.metricName else { throw .unnamedMetric(item: index) }
    let selector = item.metric?.selector ?? item.selector
    let window = item.windowSeconds ?? item.window
    item.isV1Beta1 = version == .customV1Beta1
    (item.metricName, item.selector, item.window) = (name, selector, window)
    (item.metric, item.windowSeconds) = (MetricValueList.Identifier(name: name, selector: selector), window)
  }
}

/// A body that cannot be translated.
package enum TranslationError: Error, Sendable, Equatable, CustomStringConvertible {
  case notAList
  case otherKind(kind: String, apiVersion: String)
  case unnamedMetric(item: Int)

  package var description: String {
    switch self {
    case .notAList: "it is not a MetricValueList"
    case .otherKind(let kind, let apiVersion): "it is a \(kind) of \(apiVersion), not a MetricValueList"
    case .unnamedMetric(let item): "item \(item) names no metric"
    }
  }
}
