/// What the cases ask for, over and over.
enum Target {
  static let custom = "/apis/custom.metrics.k8s.io/v1beta2"
  static let customOld = "/apis/custom.metrics.k8s.io/v1beta1"
  static let external = "/apis/external.metrics.k8s.io/v1beta1"
  static let foo = custom + "/namespaces/ns/pods/*/foo"
  static let queue = external + "/namespaces/ns/queue_length"
}

/// What sources answer.
enum Values {
  static let v1beta2 =
    #"{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},"items":[{"describedObject":{"kind":"Pod","namespace":"ns","name":"a","apiVersion":"/v1"},"metric":{"name":"foo","selector":null},"timestamp":"2024-01-02T03:04:05Z","windowSeconds":60,"value":"1500m"}]}"#
  static let v1beta1 =
    #"{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta1","metadata":{},"items":[{"describedObject":{"kind":"Pod","namespace":"ns","name":"a","apiVersion":"/v1"},"metricName":"foo","timestamp":"2024-01-02T03:04:05Z","window":60,"value":"1500m","selector":null}]}"#
  static let external =
    #"{"kind":"ExternalMetricValueList","apiVersion":"external.metrics.k8s.io/v1beta1","metadata":{},"items":[{"metricName":"queue_length","metricLabels":{"queue":"a"},"timestamp":"2024-01-02T03:04:05Z","value":"42"}]}"#
  static let empty =
    #"{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},"items":[]}"#
  /// Above 128 KiB.
  static let large =
    #"{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},"items":[], "padding":"\#(String(repeating: "x", count: 140_000))"}"#
}

extension BackendResponder.Script {
  static let pods = Self(body: Values.v1beta2 + "\n")
  static let external = Self(body: Values.external + "\n")

  static func failure(_ status: Int, _ message: String, _ fields: ConformanceCase.Field...) -> Self {
    let body =
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"\#(message)","code":\#(status)}"#
    return Self(status: status, body: body + "\n", fields: fields.map { ($0.name, $0.value) })
  }
}
