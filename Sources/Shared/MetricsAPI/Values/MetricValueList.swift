/// The lists of both versions of the custom metrics API in one shape (`k8s.io/metrics/pkg/apis/custom_metrics`): what is
/// spelled differently in v1beta1 and v1beta2 is optional in both.
struct MetricValueList: Codable {
  struct Metadata: Codable {
    var selfLink: String?
    var resourceVersion: String?
    var `continue`: String?
    var remainingItemCount: Int64?
  }

  struct ObjectReference: Codable {
    var kind: String?
    var namespace: String?
    var name: String?
    var uid: String?
    var apiVersion: String?
    var resourceVersion: String?
    var fieldPath: String?
  }

  struct Selector: Codable {
    struct Requirement: Codable {
      var key: String
      var `operator`: String
      var values: [String]?
    }

    var matchLabels: [String: String]?
    var matchExpressions: [Requirement]?
  }

  struct Identifier: Codable {
    var name: String
    var selector: Selector?

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      // Upstream writes null, not nothing.
      try container.encode(selector, forKey: .selector)
    }
  }

  struct Item: Codable {
    var describedObject: ObjectReference
    /// v1beta2
    var metric: Identifier?
    /// v1beta1
    var metricName: String?
    var timestamp: String?
    /// v1beta1
    var window: Int64?
    /// v1beta2
    var windowSeconds: Int64?
    var value: String
    /// v1beta1
    var selector: Selector?
    /// Which version's spelling is written.
    var isV1Beta1 = false

    enum CodingKeys: String, CodingKey {
      case describedObject, metric, metricName, timestamp, window, windowSeconds, value, selector
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(describedObject, forKey: .describedObject)
      try container.encode(timestamp, forKey: .timestamp)
      try container.encode(value, forKey: .value)
      if isV1Beta1 {
        try container.encode(metricName, forKey: .metricName)
        try container.encodeIfPresent(window, forKey: .window)
        try container.encode(selector, forKey: .selector)
      } else {
        try container.encode(metric, forKey: .metric)
        try container.encodeIfPresent(windowSeconds, forKey: .windowSeconds)
      }
    }
  }

  var kind: String
  var apiVersion: String
  var metadata: Metadata?
  var items: [Item]
}
