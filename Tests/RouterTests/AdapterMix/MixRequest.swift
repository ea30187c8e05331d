import AdapterProfiles

/// A request of the generated mix, as its author means it.
struct MixRequest: CustomStringConvertible {
  /// Nil for an external metric.
  var resource: String?
  /// Nil for objects outside namespaces.
  var namespace: String?
  var object = "*"
  var metric: String
  var version = "v1beta2"
  var labels: [(key: String, value: String)] = []
  var metricLabels: [(key: String, value: String)] = []
  var pin: String?
  /// Whether characters that may stand as they are in a path are encoded all the same.
  var encodesAll = false

  var type: String { resource == nil ? "ExternalMetrics" : "CustomMetrics" }

  /// As an adapter's list has it, with the scope.
  var listedName: String { resource.map { "\($0)/\(metric) \(namespace != nil)" } ?? metric }

  var claimedNamespace: String? { namespace ?? (resource == "namespaces" ? object : nil) }

  /// What the router is sent.
  var target: String { target(version: version, pin: pin) }

  /// The same as an adapter gets it: in the version that it speaks, without a pin.
  var adapterTarget: String { target(version: "v1beta2", pin: nil) }

  /// What an adapter must understand of what it gets.
  var meaning: String { Self.meaning(adapterTarget) }

  static func meaning(_ target: String) -> String {
    let request = AdapterRequest(target)
    return "\(request.target) \(request.labelSelector) \(request.metricLabelSelector)"
  }

  var description: String { "GET \(target)" }

  private func target(version: String, pin: String?) -> String {
    let segments: [String]
    switch (resource, namespace) {
    case (nil, let namespace): segments = ["namespaces", namespace ?? "", metric]
    case ("namespaces", _): segments = ["namespaces", object, "metrics", metric]
    case (let resource?, let namespace?): segments = ["namespaces", namespace, resource, object, metric]
    case (let resource?, nil): segments = [resource, object, metric]
    }
    let group =
      resource == nil
      ? "/apis/external.metrics.k8s.io/v1beta1/" : "/apis/custom.metrics.k8s.io/\(version)/"
    let pinned = pin.map { [(key: "metricsrouter.io/source", value: $0)] } ?? []
    let selectors = resource == nil ? (labels + pinned, []) : (labels, metricLabels + pinned)
    let query = [("labelSelector", selectors.0), ("metricLabelSelector", selectors.1)].filter { !$0.1.isEmpty }
      .map { name, labels in name + "=" + encoded(labels.map { "\($0.key)=\($0.value)" }.joined(separator: ",")) }
    return group + segments.map(encoded).joined(separator: "/")
      + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
  }

  private func encoded(_ text: String) -> String {
    let plain = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._".utf8)
    let harmless = Array("@:~*".utf8)
    return text.utf8.map { byte in
      plain.contains(byte) || !encodesAll && harmless.contains(byte)
        ? String(UnicodeScalar(byte)) : "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }
}
