/// The operations of the metrics APIs: those of discovery, and the patterns of metric paths. They are the same whatever
/// metrics there are.
struct OpenAPIOperations {
  let dialect: OpenAPIDialect

  /// The field `path: operations` of `/apis/G/`.
  func group(_ group: MetricsGroup) -> String {
    let get = operation(
      "get information of a group", id: "get\(Self.camelCase(group))APIGroup", tag: Self.tag(group), schema: nil)
    return #""/apis/\#(group.rawValue)/":\#(get)"#
  }

  /// The fields `path: operations` of a group-version, `/apis/G/V/` first.
  func groupVersion(_ version: MetricsGroupVersion) -> [String] {
    let name = Self.camelCase(version.group) + version.version.prefix(1).uppercased() + version.version.dropFirst()
    let tag = "\(Self.tag(version.group))_\(version.version)"
    let list = OpenAPISchemas(version: version, dialect: dialect).list
    let resources = operation("get available resources", id: "get\(name)APIResources", tag: tag, schema: nil)
    let metrics = Self.patterns(of: version.group).map { pattern in
      let parameters =
        pattern.names.map { dialect.parameter($0, in: "path", Self.descriptions[$0] ?? "") }
        + Self.queryNames(of: version.group).map { dialect.parameter($0, in: "query", Self.descriptions[$0] ?? "") }
      let get = operation(
        pattern.description, id: "list\(name)\(pattern.id)", tag: tag, schema: list, parameters: parameters)
      return #""\#(version.path)/\#(pattern.path)":\#(get)"#
    }
    return [#""\#(version.path)/":\#(resources)"#] + metrics
  }

  private func operation(
    _ description: String, id: String, tag: String, schema: String?, parameters: [String] = []
  ) -> String {
    let answers =
      #""responses":{"200":\#(dialect.success(schema)),"401":{"description":"Unauthorized"},"#
      + #""default":{"description":"a failure, as a Status"}}"#
    let parameters = parameters.isEmpty ? "" : #""parameters":[\#(parameters.joined(separator: ","))],"#
    let head = #""description":"\#(description)","tags":["\#(tag)"],"operationId":"\#(id)",\#(dialect.types)"#
    return #"{"get":{\#(head)\#(parameters)\#(answers)}}"#
  }

  private struct Pattern {
    let path: String
    let id: String
    let description: String

    /// What stands between braces.
    var names: [String] {
      path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
  }

  private static func patterns(of group: MetricsGroup) -> [Pattern] {
    switch group {
    case .custom:
      [
        Pattern(
          path: "{resource}/{name}/{metric}", id: "ClusterObjectMetric",
          description: "list the values of a metric of objects that live in no namespace"),
        Pattern(
          path: "namespaces/{namespace}/metrics/{metric}", id: "NamespaceMetric",
          description: "list the values of a metric of a namespace"),
        Pattern(
          path: "namespaces/{namespace}/{resource}/{name}/{metric}", id: "NamespacedObjectMetric",
          description: "list the values of a metric of objects in a namespace"),
      ]
    case .external:
      [
        Pattern(
          path: "namespaces/{namespace}/{metric}", id: "NamespacedMetric",
          description: "list the values of an external metric")
      ]
    }
  }

  private static func queryNames(of group: MetricsGroup) -> [String] {
    switch group {
    case .custom: ["labelSelector", "metricLabelSelector", "pretty"]
    case .external: ["labelSelector", "pretty"]
    }
  }

  private static let descriptions = [
    "resource": "the resource of the objects: pods, deployments.apps",
    "name": "the name of the object, or * for those that the label selector chooses",
    "namespace": "the namespace of the objects",
    "metric": "the name of the metric",
    "labelSelector": "chooses objects by their labels; of external metrics, series",
    "metricLabelSelector": "chooses series of the metric by their labels",
    "pretty": "true for indented JSON",
  ]

  private static func camelCase(_ group: MetricsGroup) -> String {
    switch group {
    case .custom: "CustomMetrics"
    case .external: "ExternalMetrics"
    }
  }

  private static func tag(_ group: MetricsGroup) -> String {
    switch group {
    case .custom: "customMetrics"
    case .external: "externalMetrics"
    }
  }
}
