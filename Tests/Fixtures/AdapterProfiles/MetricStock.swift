/// What an adapter has, and in which condition: what its backend, a cloud or a database would be asked for.
package struct MetricStock: Sendable, Equatable {
  package struct Custom: Sendable, Equatable {
    /// With its API group: `deployments.apps`.
    package var resource: String
    package var metric: String
    package var isNamespaced: Bool
    /// Where it has samples; empty for everywhere.
    package var namespaces: [String] = []
    package var labels: [String: String] = [:]
    /// A quantity; nil takes one from the stock's `valueBase`.
    package var value: String?

    package init(
      resource: String, metric: String, isNamespaced: Bool, namespaces: [String] = [], labels: [String: String] = [:],
      value: String? = nil
    ) {
      self.resource = resource
      self.metric = metric
      self.isNamespaced = isNamespaced
      self.namespaces = namespaces
      self.labels = labels
      self.value = value
    }
  }

  package struct External: Sendable, Equatable {
    package var metric: String
    /// Where it is defined; empty for everywhere.
    package var namespaces: [String] = []
    /// KEDA's ScaledObject whose trigger it is.
    package var scaledObject: String?
    package var labels: [String: String] = [:]
    /// A quantity; nil takes one from the stock's `valueBase`.
    package var value: String?

    package init(
      metric: String, namespaces: [String] = [], scaledObject: String? = nil, labels: [String: String] = [:],
      value: String? = nil
    ) {
      self.metric = metric
      self.namespaces = namespaces
      self.scaledObject = scaledObject
      self.labels = labels
      self.value = value
    }
  }

  /// What has become of a metric's series.
  package enum Condition: String, Sendable, CaseIterable {
    case active
    /// Neither listed nor answered, as prometheus-adapter does once no sample came for `--metrics-max-age`.
    case idle
    /// Answered and not listed: one that has come back since the list was last made.
    case unlisted
    /// Known, and without a sample now.
    case empty
  }

  /// The same in every answer: they can be compared byte by byte.
  static let timestamp = "2024-01-02T03:04:05Z"

  package var custom: [Custom] = []
  package var external: [External] = []
  /// The objects that there are of every resource but namespaces; `*` stands for them.
  package var objects: [String] = ["web-0"]
  /// The labels that all of them carry; nil for whatever is asked.
  package var objectLabels: [String: String]?
  /// Tells who answered: the value of the first object or of an external metric, that of the next one is one more.
  package var valueBase = 1
  /// By metric name; those not here are active.
  package var conditions: [String: Condition] = [:]
  /// Whether what the adapter asks is out of reach.
  package var isDown = false

  package init() {}

  func condition(_ metric: String) -> Condition { conditions[metric] ?? .active }

  func isListed(_ metric: String) -> Bool { [.active, .empty].contains(condition(metric)) }

  func custom(_ object: AdapterRequest.Object) -> Custom? {
    guard condition(object.metric) != .idle else { return nil }
    return custom.first {
      $0.metric == object.metric && $0.resource == object.resource
        && $0.isNamespaced == (object.namespace != nil)
    }
  }

  /// Those of a name, in every namespace or, where one is given, in that one.
  func external(_ metric: String, namespace: String? = nil) -> External? {
    guard condition(metric) != .idle else { return nil }
    return external.first { series in
      series.metric == metric
        && (series.namespaces.isEmpty || namespace.map { series.namespaces.contains($0) } ?? true)
    }
  }

  /// The objects that a request means and that exist.
  func objects(_ object: AdapterRequest.Object, _ selection: LabelSelection) -> [String] {
    if object.resource == "namespaces", object.name != "*" { return [object.name] }
    guard object.name == "*" else { return objects.contains(object.name) ? [object.name] : [] }
    return objectLabels.map(selection.matches) ?? true ? objects : []
  }

  /// The values of those of them that have samples.
  func values(_ series: Custom, _ object: AdapterRequest.Object, _ names: [String]) -> [(name: String, value: String)] {
    let isPlaced = object.namespace.map { series.namespaces.isEmpty || series.namespaces.contains($0) } ?? true
    guard isPlaced, condition(series.metric) != .empty else { return [] }
    return names.map { name in
      (name, series.value ?? "\(valueBase + (objects.firstIndex(of: name) ?? 0))")
    }
  }

  func value(_ series: External) -> String { series.value ?? "\(valueBase)" }

  var listedCustom: [ListedMetric] {
    custom.filter { isListed($0.metric) }
      .map { ListedMetric(name: "\($0.resource)/\($0.metric)", isNamespaced: $0.isNamespaced) }
  }

  var listedExternal: [ListedMetric] {
    var names: [String] = []
    for series in external where isListed(series.metric) && !names.contains(series.metric) {
      names.append(series.metric)
    }
    return names.map { ListedMetric(name: $0, isNamespaced: true) }
  }
}
