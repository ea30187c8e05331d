import Foundation
import MetricsAPI
import Routing
import Testing

@Suite struct MetricsSourceSpecTests {
  private func spec(_ json: String) throws -> MetricsSourceSpec {
    try JSONDecoder().decode(MetricsSourceSpec.self, from: Data(json.utf8))
  }

  private static let bundle = Data(
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n".utf8
  ).base64EncodedString()

  private var good: MetricsSourceSpec {
    MetricsSourceSpec(
      priority: 100, metricTypes: [.customMetrics],
      service: MetricsSourceSpec.Service(namespace: "custom-metrics", name: "prometheus", port: .number(443)))
  }

  @Test func `The shortest manifest has the documented defaults, and unknown fields are ignored`() throws {
    let spec = try spec(
      """
      {"insecureSkipTLSVerify":true,"priority":100,"metricTypes":["CustomMetrics"],"unknown":["NotFound"],
       "service":{"namespace":"custom-metrics","name":"prometheus","port":{"number":443}}}
      """)
    var expected = good
    expected.insecureSkipTLSVerify = true
    #expect(spec == expected)
    #expect(spec.service.scheme == .https)
    #expect(spec.auth == .serviceAccountToken)
    #expect(spec.timeoutSeconds == 10)
    #expect(spec.validate().isEmpty)
  }

  @Test func `Every field is read back as it was written`() throws {
    var spec = good
    spec.service.port = .name("https")
    spec.service.scheme = .http
    spec.claims = [
      Claim(metrics: [Glob("s*-*")], namespaces: [Glob("team-?")], selectorKeys: [SelectorKey("a.io/b=c")]),
      Claim(metricType: .customMetrics, resources: [Glob("*.apps")]),
    ]
    spec.fallThrough = FallThrough.allCases
    spec.shadowOf = "other"
    spec.caBundle = Self.bundle
    spec.tlsServerName = "a.example.com"
    spec.auth = .none
    spec.timeoutSeconds = 3
    let data = try JSONEncoder().encode(spec)
    #expect(try JSONDecoder().decode(MetricsSourceSpec.self, from: data) == spec)
  }

  @Test(arguments: [#"{}"#, #"{"number":1,"name":"a"}"#, #"{"number":"https"}"#])
  func `A port is a number or a name, not both`(port: String) {
    #expect(throws: DecodingError.self) {
      try spec(#"{"priority":1,"metricTypes":[],"service":{"namespace":"a","name":"b","port":\#(port)}}"#)
    }
  }

  private struct Fault: Sendable {
    let path: String
    let change: @Sendable (inout MetricsSourceSpec) -> Void

    init(_ path: String, _ change: @escaping @Sendable (inout MetricsSourceSpec) -> Void) {
      self.path = path
      self.change = change
    }
  }

  private static let faults = [
    Fault("spec.metricTypes") { $0.metricTypes = [] },
    Fault("spec.service.namespace") { $0.service.namespace = "" },
    Fault("spec.service.name") { $0.service.name = "A" },
    Fault("spec.service.name") { $0.service.name = "a.b" },
    Fault("spec.service.name") { $0.service.name = String(repeating: "a", count: 64) },
    Fault("spec.service.port.number") { $0.service.port = .number(0) },
    Fault("spec.service.port.number") { $0.service.port = .number(65536) },
    Fault("spec.service.port.name") { $0.service.port = .name("-") },
    Fault("spec.timeoutSeconds") { $0.timeoutSeconds = 0 },
    Fault("spec.timeoutSeconds") { $0.timeoutSeconds = 61 },
    Fault("spec.tlsServerName") { $0.tlsServerName = "a..b" },
    // Numbers that inet_aton(3) takes for addresses.
    Fault("spec.tlsServerName") { $0.tlsServerName = "134744072" },
    Fault("spec.tlsServerName") { $0.tlsServerName = "0x08080808" },
    Fault("spec.tlsServerName") { $0.tlsServerName = "010.8.8.8" },
    Fault("spec.tlsServerName") { $0.tlsServerName = "8.2056" },
    Fault("spec.caBundle") { $0.caBundle = "no base64" },
    Fault("spec.caBundle") { $0.caBundle = "aGVsbG8=" },
    Fault("spec.insecureSkipTLSVerify") {
      $0.caBundle = bundle
      $0.insecureSkipTLSVerify = true
    },
    Fault("spec.insecureSkipTLSVerify") {
      $0.service.scheme = .http
      $0.insecureSkipTLSVerify = true
    },
    Fault("spec.tlsServerName") {
      $0.service.scheme = .http
      $0.tlsServerName = "a.b"
    },
    Fault("spec.caBundle") {
      $0.service.scheme = .http
      $0.caBundle = bundle
    },
  ]

  @Test func `A bad field is named with its value and what to do`() throws {
    for fault in Self.faults {
      var spec = good
      fault.change(&spec)
      let problems = spec.validate()
      #expect(problems.map(\.path) == [fault.path])
      let problem = try #require(problems.first)
      #expect(!problem.value.isEmpty)
      #expect(problem.description == "\(fault.path): \(problem.value): \(problem.advice)")
    }
  }

  @Test func `A good bundle and the bounds of numbers pass`() {
    var spec = good
    spec.caBundle = Self.bundle
    for (port, timeout) in [(1, 1), (65535, 60)] {
      spec.service.port = .number(port)
      spec.timeoutSeconds = timeout
      #expect(spec.validate().isEmpty)
    }
    let source = RoutedSource(
      name: "s", spec: spec, port: 443, customVersions: [], externalVersions: [], listing: MetricsListing())
    #expect(source.tls.caBundle?.hasPrefix("-----BEGIN CERTIFICATE-----") == true)
    #expect(source.tls.serverName == "prometheus.custom-metrics.svc")
    #expect(source.backend.description == "https://prometheus.custom-metrics.svc:443")
  }
}
