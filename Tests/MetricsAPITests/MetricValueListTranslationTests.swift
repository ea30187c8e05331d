import MetricsAPI
import Testing

@Suite struct MetricValueListTranslationTests {
  private func translate(_ text: String, to version: MetricsGroupVersion) throws -> String {
    String(decoding: try MetricValueListTranslation.translate(Array(text.utf8), to: version), as: UTF8.self)
  }

  private static let beta1 = """
    {"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta1","metadata":{"resourceVersion":"7"},"items":[\
    {"describedObject":{"kind":"Pod","namespace":"ns","name":"p\\u00e9","apiVersion":"/v1"},"metricName":"foo",\
    "timestamp":"2024-01-02T03:04:05Z","window":60,"value":"1500m","selector":null},\
    {"describedObject":{"kind":"Pod","name":"q"},"metricName":"f\\"oo","timestamp":"2024-01-02T03:04:05Z",\
    "value":"1e3","selector":{"matchLabels":{"a":"b"}}},\
    {"describedObject":{"kind":"Pod","name":"r"},"metricName":"foo","timestamp":null,"window":0,\
    "value":-1.50,"selector":{"matchExpressions":[{"key":"a","operator":"In","values":["b","c"]}]}}]}

    """

  private static let beta2 = """
    {"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{"resourceVersion":"7"},"items":[\
    {"describedObject":{"kind":"Pod","namespace":"ns","name":"p\\u00e9","apiVersion":"/v1"},\
    "metric":{"name":"foo","selector":null},"timestamp":"2024-01-02T03:04:05Z","windowSeconds":60,"value":"1500m"},\
    {"describedObject":{"kind":"Pod","name":"q"},"metric":{"name":"f\\"oo","selector":{"matchLabels":{"a":"b"}}},\
    "timestamp":"2024-01-02T03:04:05Z","value":"1e3"},\
    {"describedObject":{"kind":"Pod","name":"r"},\
    "metric":{"name":"foo","selector":{"matchExpressions":[{"key":"a","operator":"In","values":["b","c"]}]}},\
    "timestamp":null,"windowSeconds":0,"value":-1.50}]}

    """

  @Test func `Each version becomes the other without loss`() throws {
    #expect(try translate(Self.beta1, to: .customV1Beta2) == Self.beta2)
    #expect(try translate(Self.beta2, to: .customV1Beta1) == Self.beta1)
  }

  @Test func `A list of the wanted version passes as it is`() throws {
    #expect(try translate(Self.beta1 + "  ", to: .customV1Beta1) == Self.beta1 + "  ")
  }

  @Test func `White space and unknown fields are no obstacle`() throws {
    let text = """
      { "items" : [ { "value" : "1", "new": [1, {}], "metricName" : "foo", "window" : null,
        "describedObject" : { } } ], "apiVersion" : "custom.metrics.k8s.io/v1beta1", "kind" : "MetricValueList" }
      """
    #expect(
      try translate(text, to: .customV1Beta2) == """
        {"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},"items":[\
        {"describedObject":{ },"metric":{"name":"foo","selector":null},"value":"1"}]}

        """)
  }

  @Test(arguments: [#","items":[]"#, #","items":null"#, ""])
  func `An empty list stays empty`(items: String) throws {
    let text = #"{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{}\#(items)}"#
    #expect(
      try translate(text, to: .customV1Beta1)
        == #"{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta1","metadata":{},"items":[]}"# + "\n")
  }

  @Test(arguments: ["value", "describedObject", "metricName"])
  func `An item without what makes it a value is refused, never filled in`(field: String) {
    let fields = [
      "value": #""1""#, "describedObject": "{}", "metricName": #""foo""#,
    ].filter { $0.key != field }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
    for rest in [fields, fields + ",\"\(field)\":null"] {
      let text = #"{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta1","items":[{\#(rest)}]}"#
      #expect(throws: TranslationError.incomplete(item: 0, field: field)) { try translate(text, to: .customV1Beta2) }
    }
  }

  @Test func `What is no MetricValueList is refused`() {
    #expect(throws: TranslationError.notMetricValueList(kind: "Status", apiVersion: "v1")) {
      try translate(#"{"kind":"Status","apiVersion":"v1"}"#, to: .customV1Beta2)
    }
    #expect(throws: TranslationError.self) {
      try translate(#"{"kind":"MetricValueList","apiVersion":"external.metrics.k8s.io/v1beta1"}"#, to: .customV1Beta2)
    }
    #expect(throws: TranslationError.unsupportedTarget(.externalV1Beta1)) {
      try translate(Self.beta1, to: .externalV1Beta1)
    }
  }

  @Test func `A list cut anywhere is refused`() {
    let bytes = Array(Self.beta1.utf8)
    for length in 0..<bytes.count - 1 {
      #expect(throws: TranslationError.self) {
        try MetricValueListTranslation.translate(Array(bytes[..<length]), to: .customV1Beta2)
      }
    }
  }
}
