import MetricsAPI
import Routing

/// A metric that a person asks about, on a command line or by HTTP.
struct ExplainQuestion {
  /// Where a request needs a namespace, and none was given.
  private static let defaultNamespace = "default"

  /// What is looked up, without the pin.
  let question: MetricQuestion
  /// The source that the selector names.
  let pin: String?
  /// What a source would be sent.
  let request: MetricRequest
  let query: MetricQuery

  /// `metric` as ``MetricArgument`` reads it; `selector` is that of the metric's labels; `object` is the described object,
  /// all by default, or those that `objectSelector` chooses.
  ///
  /// Throws what is wrong with which of them.
  init(metric: String, namespace: String?, selector: String, object: String?, objectSelector: String = "")
    throws(ExplainError)
  {
    let key: MetricKey
    do throws(MetricArgumentError) {
      key = try MetricArgument.parse(metric, namespace: namespace)
    } catch {
      throw ExplainError("\(error)")
    }
    var query = MetricQuery()
    let parsed = try Self.parse(selector)
    switch key {
    case .external:
      if !objectSelector.isEmpty { throw ExplainError("an external metric describes no objects to select") }
      query.labelSelector = parsed
    case .custom:
      query.metricLabelSelector = parsed
      query.labelSelector = try Self.parse(objectSelector)
    }
    do throws(QueryError) {
      pin = try query.takePin(for: key.group)
    } catch {
      throw ExplainError("\(error)")
    }
    switch key {
    case .external(let name):
      request = MetricRequest(
        groupVersion: .externalV1Beta1, namespace: namespace ?? Self.defaultNamespace, metric: name)
    case .custom(let custom):
      let isNamespace = custom.resource == "namespaces"
      request = MetricRequest(
        groupVersion: .customV1Beta2, namespace: custom.isNamespaced ? namespace : nil, resource: custom.resource,
        objectName: object ?? (isNamespace ? namespace ?? Self.defaultNamespace : "*"), metric: custom.name)
    }
    // What a caller of the metrics API could not ask is not asked here either: dot segments, say.
    guard (try? RequestPath.parse(request.path(for: request.groupVersion)))?.endpoint == .metric(request) else {
      throw ExplainError("no request can name that metric: \(request.path(for: request.groupVersion))")
    }
    self.query = query
    question = MetricQuestion(request, query)
  }

  private static func parse(_ selector: String) throws(ExplainError) -> MetricQuery.Selector? {
    if selector.isEmpty { return nil }
    do throws(SelectorError) {
      return try MetricQuery.Selector(parsing: selector)
    } catch {
      throw ExplainError("the selector \"\(selector)\" cannot be read: \(error)")
    }
  }
}

/// What is wrong with a question.
struct ExplainError: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
