import Routing

/// DataDog/datadog-agent, `pkg/clusteragent/autoscaling/externalmetrics/provider.go`. Every error is 500, and metric names are
/// made lower case before all else, in the answer too. The request's namespace plays no part.
struct Datadog: Adapter {
  /// Where the cluster agent makes DatadogMetrics for names that are no reference to one.
  static let ownNamespace = "datadog"

  let stock: MetricStock

  var listedExternal: [ListedMetric] { [.externalPlaceholder] }

  func external(_ metric: String, namespace: String, _ request: AdapterRequest) -> AdapterAnswer {
    let name = metric.lowercased()
    let identifier: String
    if name.hasPrefix("datadogmetric@") {
      guard let reference = Self.reference(name) else {
        return .internalError("ExternalMetric does not follow DatadogMetric format: \(name)")
      }
      identifier = reference
    } else {
      identifier = Self.ownNamespace + "/" + Self.generatedName(name, request.labelSelector)
    }
    let known = stock.external.first { series in
      let key = series.metric.lowercased()
      let labels = LabelSelection(series.labels.map { "\($0)=\($1)" }.joined(separator: ","))
      return (Self.reference(key) ?? Self.ownNamespace + "/" + Self.generatedName(key, labels)) == identifier
    }
    guard let known, stock.condition(known.metric) != .idle else {
      return .internalError("DatadogMetric not found for metric name: \(name), datadogmetricid: \(identifier)")
    }
    guard !stock.isDown, stock.condition(known.metric) != .empty else {
      return .internalError("DatadogMetric is invalid, missing error details")
    }
    return .values([ExternalItem(metric: name, value: stock.value(known))])
  }

  /// `datadogmetric@ns:name` → `ns/name`; nil for what is no such name.
  private static func reference(_ name: String) -> String? {
    guard name.hasPrefix("datadogmetric@") else { return nil }
    let parts = name.dropFirst("datadogmetric@".count).split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy(isLabel) else { return nil }
    return parts.joined(separator: "/")
  }

  private static func isLabel(_ text: Substring) -> Bool {
    text.utf8.allSatisfy {
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
        || $0 == UInt8(ascii: "-")
    }
      && text.first.map { $0 != "-" } ?? false && text.last != "-"
  }

  /// The hash of the query that the name and the selector make.
  private static func generatedName(_ metric: String, _ selection: LabelSelection) -> String {
    var tags: [String: String] = [:]
    for pair in selection.description.split(separator: ",") {
      let sides = pair.split(separator: "=", omittingEmptySubsequences: false)
      if sides.count == 2 { tags[String(sides[0])] = String(sides[1]) }
    }
    let scope = tags.isEmpty ? "*" : tags.map { "\($0):\($1)" }.sorted().joined(separator: ",")
    let query = "avg:\(metric){\(scope)}.rollup(30)"
    let digest = SHA256Digest.hexadecimal(Array(query.utf8)[...]) ?? []
    return "dcaautogen-" + String(decoding: digest.prefix(38), as: UTF8.self)
  }
}

/// The mode without DatadogMetrics: a metric that is not in the ConfigMap is an empty list, and names are as they are.
struct DatadogConfigMap: Adapter {
  let stock: MetricStock

  func external(_ metric: String, namespace: String, _ request: AdapterRequest) -> AdapterAnswer {
    guard let series = stock.external(metric), !stock.isDown, stock.condition(metric) != .empty,
      request.labelSelector.matches(series.labels)
    else { return .values([ExternalItem]()) }
    return .values([ExternalItem(metric: metric, value: stock.value(series), labels: series.labels)])
  }
}
