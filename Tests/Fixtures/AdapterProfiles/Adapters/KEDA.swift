/// kedacore/keda, `pkg/provider/provider.go`; what it is told by its operator, `pkg/scaling/scale_handler.go`.
/// None of its errors is an `APIStatus`: all are 500.
struct KEDA: Adapter {
  static let selectorKey = "scaledobject.keda.sh/name"
  private static let fromOperator = "rpc error: code = Unknown desc = error when getting metric values "

  let stock: MetricStock

  var listedExternal: [ListedMetric] { [.externalPlaceholder] }

  func external(_ metric: String, namespace: String, _ request: AdapterRequest) -> AdapterAnswer {
    if let text = request.labelSelector.notEquality { return .plainError("invalid selector: \(text)") }
    guard let name = request.labelSelector.value(of: Self.selectorKey), !name.isEmpty else {
      return .plainError("scaledObject name is not specified")
    }
    let triggers = stock.external.filter {
      $0.scaledObject == name && ($0.namespaces.isEmpty || $0.namespaces.contains(namespace))
    }
    guard !triggers.isEmpty else {
      return .plainError(Self.fromOperator + #"error getting scalers ScaledObject.keda.sh "\#(name)" not found"#)
    }
    guard let trigger = triggers.first(where: { $0.metric == metric }), stock.condition(metric) != .idle else {
      return .plainError(Self.fromOperator + "no matching metrics found for \(metric)")
    }
    guard !stock.isDown, stock.condition(metric) != .empty else {
      return .plainError(Self.fromOperator + "metric:\(metric) encountered error")
    }
    return .values([ExternalItem(metric: metric, value: stock.value(trigger))])
  }
}

extension ListedMetric {
  /// What `DefaultExternalMetricsProvider` lists (custom-metrics-apiserver, `pkg/provider/defaults`).
  static let externalPlaceholder = ListedMetric(name: "externalmetrics", isNamespaced: true)
}

extension LabelSelection {
  /// The first requirement that `labels.ConvertSelectorToLabelsMap` cannot read, as it shows it; it splits at commas and `=`.
  fileprivate var notEquality: String? {
    for piece in description.split(separator: ",") {
      let sides = piece.split(separator: "=", omittingEmptySubsequences: false)
      if sides.count != 2 { return "[" + sides.joined(separator: " ") + "]" }
    }
    return nil
  }
}
