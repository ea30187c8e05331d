extension MetricsSourceSpec {
  /// What the API server's schema cannot or, in standalone mode, does not check. Empty when the spec can be used.
  package func validate() -> [SpecProblem] {
    var problems: [SpecProblem] = []
    let check = { (isGood: Bool, path: String, value: String, advice: String) in
      if !isGood { problems.append(SpecProblem(path: "spec." + path, value: SpecProblem.cut(value), advice: advice)) }
    }
    check(!metricTypes.isEmpty, "metricTypes", "[]", "name CustomMetrics, ExternalMetrics or both")
    check(
      Set(metricTypes).count == metricTypes.count, "metricTypes", metricTypes.map(\.rawValue).joined(separator: ", "),
      "name each once")
    check(
      Set(fallThrough).count == fallThrough.count, "fallThrough", fallThrough.map(\.rawValue).joined(separator: ", "),
      "name each once")
    check(
      DNSName.isLabel(service.namespace), "service.namespace", service.namespace,
      "use the name of a namespace: at most 63 of a-z, 0-9 and -")
    check(
      DNSName.isLabel(service.name), "service.name", service.name,
      "use the name of a Service: at most 63 of a-z, 0-9 and -")
    switch service.port {
    case .number(let number):
      check((1...65535).contains(number), "service.port.number", "\(number)", "use a port from 1 to 65535")
    case .name(let name):
      check(
        DNSName.isLabel(name), "service.port.name", name,
        "use the name of a port of the Service: at most 63 of a-z, 0-9 and -")
    }
    check((1...60).contains(timeoutSeconds), "timeoutSeconds", "\(timeoutSeconds)", "use 1 to 60 seconds")
    if let tlsServerName {
      check(
        DNSName.isServerName(tlsServerName), "tlsServerName", tlsServerName,
        "use the DNS name in the backend's certificate")
    }
    if caBundle != nil {
      check(caBundlePEM != nil, "caBundle", "(present)", "use PEM certificates, encoded as base64")
      check(
        !insecureSkipTLSVerify, "insecureSkipTLSVerify", "true",
        "remove caBundle, or set insecureSkipTLSVerify to false so that the bundle is used")
    }
    if service.scheme == .http {
      let advice = "remove it, or set spec.service.scheme to HTTPS"
      check(caBundle == nil, "caBundle", "(present)", advice)
      check(tlsServerName == nil, "tlsServerName", tlsServerName ?? "", advice)
      check(!insecureSkipTLSVerify, "insecureSkipTLSVerify", "true", advice)
    }
    check(
      claims.count <= Claim.maximumCount, "claims", "\(claims.count) claims", "use at most \(Claim.maximumCount)")
    for (index, claim) in claims.prefix(Claim.maximumCount).enumerated() {
      problems += claim.validate(at: "spec.claims[\(index)]", of: metricTypes)
    }
    if let shadowOf {
      check(
        DNSName.isSubdomain(shadowOf), "shadowOf", shadowOf, "use the name of the MetricsSource to be compared with")
    }
    return problems
  }
}
