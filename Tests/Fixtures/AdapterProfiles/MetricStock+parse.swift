/// Metrics as flags name them. A metric name may hold anything but `/`; `{`, `}` and `=` are the notation's own.
extension MetricStock {
  /// `resource/metric`, `namespace/resource/metric`, then `{label=value,…}` and `=quantity`, both optional.
  package static func custom(_ text: String) -> Custom? {
    guard let (path, labels, value) = parts(text), path.count == 2 || path.count == 3 else { return nil }
    let resource = path[path.count - 2]
    let isNamespaced = !["namespaces", "nodes", "persistentvolumes"].contains(resource)
    return Custom(
      resource: resource, metric: path[path.count - 1], isNamespaced: isNamespaced,
      namespaces: Array(path.dropLast(2)), labels: labels, value: value)
  }

  /// `metric`, `namespace/metric` or `namespace/scaledobject/metric`, then as above.
  package static func external(_ text: String) -> External? {
    guard let (path, labels, value) = parts(text), let metric = path.last, path.count <= 3 else { return nil }
    return External(
      metric: metric, namespaces: path.count > 1 ? [path[0]] : [], scaledObject: path.count == 3 ? path[1] : nil,
      labels: labels, value: value)
  }

  private static func parts(_ text: String) -> (path: [String], labels: [String: String], value: String?)? {
    var head = text[...]
    var labels: [String: String] = [:]
    var value: String?
    if let opening = text.firstIndex(of: "{") {
      guard let closing = text.lastIndex(of: "}"), opening < closing else { return nil }
      head = text[..<opening]
      for pair in text[text.index(after: opening)..<closing].split(separator: ",") {
        let sides = pair.split(separator: "=", maxSplits: 1)
        guard sides.count == 2 else { return nil }
        labels[String(sides[0])] = String(sides[1])
      }
      let tail = text[text.index(after: closing)...]
      guard tail.isEmpty || tail.hasPrefix("=") else { return nil }
      if !tail.isEmpty { value = String(tail.dropFirst()) }
    } else if let equals = text.lastIndex(of: "=") {
      head = text[..<equals]
      value = String(text[text.index(after: equals)...])
    }
    let path = head.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard !path.contains(""), value != "" else { return nil }
    return (path, labels, value)
  }
}
