extension MetricsSourceSpec: Codable {
  private enum Key: String, CodingKey {
    case priority, metricTypes, service, insecureSkipTLSVerify, caBundle, tlsServerName, auth, timeoutSeconds
    case claims, fallThrough, shadowOf
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    self.init(
      priority: try fields.decode(Int.self, forKey: .priority),
      metricTypes: try fields.decode([MetricType].self, forKey: .metricTypes),
      service: try fields.decode(Service.self, forKey: .service),
      insecureSkipTLSVerify: try fields.decodeIfPresent(Bool.self, forKey: .insecureSkipTLSVerify) ?? false,
      caBundle: try fields.decodeIfPresent(String.self, forKey: .caBundle),
      tlsServerName: try fields.decodeIfPresent(String.self, forKey: .tlsServerName),
      auth: try fields.decodeIfPresent(Authentication.self, forKey: .auth) ?? .serviceAccountToken,
      timeoutSeconds: try fields.decodeIfPresent(Int.self, forKey: .timeoutSeconds) ?? Self.defaultTimeoutSeconds,
      claims: try fields.decodeIfPresent([Claim].self, forKey: .claims) ?? [],
      fallThrough: try fields.decodeIfPresent([FallThrough].self, forKey: .fallThrough) ?? [],
      shadowOf: try fields.decodeIfPresent(String.self, forKey: .shadowOf))
  }

  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(priority, forKey: .priority)
    try fields.encode(metricTypes, forKey: .metricTypes)
    try fields.encode(service, forKey: .service)
    try fields.encode(insecureSkipTLSVerify, forKey: .insecureSkipTLSVerify)
    try fields.encodeIfPresent(caBundle, forKey: .caBundle)
    try fields.encodeIfPresent(tlsServerName, forKey: .tlsServerName)
    try fields.encode(auth, forKey: .auth)
    try fields.encode(timeoutSeconds, forKey: .timeoutSeconds)
    if !claims.isEmpty { try fields.encode(claims, forKey: .claims) }
    if !fallThrough.isEmpty { try fields.encode(fallThrough, forKey: .fallThrough) }
    try fields.encodeIfPresent(shadowOf, forKey: .shadowOf)
  }
}

extension MetricsSourceSpec.Service: Codable {
  private enum Key: String, CodingKey {
    case namespace, name, scheme, port
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    self.init(
      namespace: try fields.decode(String.self, forKey: .namespace),
      name: try fields.decode(String.self, forKey: .name),
      scheme: try fields.decodeIfPresent(MetricsSourceSpec.Scheme.self, forKey: .scheme) ?? .https,
      port: try fields.decode(MetricsSourceSpec.Port.self, forKey: .port))
  }

  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(namespace, forKey: .namespace)
    try fields.encode(name, forKey: .name)
    try fields.encode(scheme, forKey: .scheme)
    try fields.encode(port, forKey: .port)
  }
}

extension MetricsSourceSpec.Port: Codable {
  private enum Key: String, CodingKey {
    case number, name
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    switch (
      try fields.decodeIfPresent(Int.self, forKey: .number), try fields.decodeIfPresent(String.self, forKey: .name)
    ) {
    case (let number?, nil): self = .number(number)
    case (nil, let name?): self = .name(name)
    default:
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "set either number or name"))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    switch self {
    case .number(let number): try fields.encode(number, forKey: .number)
    case .name(let name): try fields.encode(name, forKey: .name)
    }
  }
}
