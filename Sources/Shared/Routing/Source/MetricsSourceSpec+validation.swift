import FoundationEssentials

/// Something in a MetricsSource that cannot work: where, what stands there, and what to do.
package struct SpecProblem: Error, Sendable, Equatable, CustomStringConvertible {
  /// `spec.service.port.number`
  package var field: String
  package var value: String
  package var advice: String

  package var description: String { "\(field): \(value): \(advice)" }
}

extension MetricsSourceSpec {
  /// What a schema cannot catch, or an older one did not; empty for a spec that can be used.
  package func problems() -> [SpecProblem] {
    var problems: [SpecProblem] = []
    func check(_ isFine: Bool, _ field: String, _ value: String, _ advice: String) {
      if !isFine { problems.append(SpecProblem(field: "spec." + field, value: value, advice: advice)) }
    }
    check(!metricTypes.isEmpty, "metricTypes", "[]", "name CustomMetrics, ExternalMetrics or both")
    check(Self.isDNSLabel(service.name), "service.name", service.name, "must be the name of a Service (DNS-1123)")
    check(
      Self.isDNSLabel(service.namespace), "service.namespace", service.namespace, "must be a namespace (DNS-1123)")
    switch (service.port.number, service.port.name) {
    case (let number?, nil):
      check((1...65_535).contains(number), "service.port.number", "\(number)", "must be 1 to 65535")
    case (nil, let name?): check(!name.isEmpty, "service.port.name", name, "must be the name of a port of the Service")
    default: check(false, "service.port", "{}", "give either number or name")
    }
    if let timeoutSeconds {
      check((1...60).contains(timeoutSeconds), "timeoutSeconds", "\(timeoutSeconds)", "must be 1 to 60")
    }
    if let caBundle {
      check(
        insecureSkipTLSVerify != true, "caBundle", "…", "remove it, or insecureSkipTLSVerify: they exclude each other")
      check(
        Self.pem(caBundle) != nil, "caBundle", String(caBundle.prefix(16)) + "…", "must be base64 of PEM certificates")
    }
    if service.scheme == .http {
      check(caBundle == nil && tlsServerName == nil, "service.scheme", "HTTP", "caBundle and tlsServerName need HTTPS")
    }
    return problems
  }

  /// The certificates of a `caBundle`; nil where it holds none.
  package static func pem(_ base64: String) -> String? {
    let compact = base64.filter { !$0.isWhitespace }
    guard let data = Data(base64Encoded: compact) else { return nil }
    let text = String(decoding: data, as: UTF8.self)
    return text.contains("-----BEGIN CERTIFICATE-----") ? text : nil
  }

  /// RFC 1123 label: what may stand in the host name of a Service.
  private static func isDNSLabel(_ name: String) -> Bool {
    guard (1...63).contains(name.utf8.count), name.first != "-", name.last != "-" else { return false }
    return name.utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || $0 == UInt8(ascii: "-")
    }
  }
}
