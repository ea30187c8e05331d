import YAML

/// The fields that the spec of a MetricsSource has. An API server drops others, or kubectl refuses them; where neither
/// stands between, a claim with a misspelt field would claim more than was meant.
enum SpecFields {
  private static let spec: Set = [
    "priority", "metricTypes", "service", "insecureSkipTLSVerify", "caBundle", "tlsServerName", "auth",
    "timeoutSeconds", "claims", "fallThrough", "shadowOf",
  ]
  private static let service: Set = ["namespace", "name", "scheme", "port"]
  private static let port: Set = ["number", "name"]
  private static let claim: Set = ["metrics", "metricType", "resources", "namespaces", "selectorKeys"]

  /// What is wrong with the names of fields in a manifest; nil where nothing is.
  static func problem(in manifest: YAMLValue) -> String? {
    guard let given = manifest["spec"] else { return nil }
    var unknown = fields(of: given, besides: spec, at: "spec")
    unknown += fields(of: given["service"], besides: service, at: "spec.service")
    unknown += fields(of: given["service"]?["port"], besides: port, at: "spec.service.port")
    if case .sequence(let claims) = given["claims"] {
      for (index, given) in claims.enumerated() {
        unknown += fields(of: given, besides: claim, at: "spec.claims[\(index)]")
      }
    }
    return unknown.isEmpty ? nil : unknown.map { "\($0): there is no such field" }.joined(separator: "; ")
  }

  private static func fields(of value: YAMLValue?, besides known: Set<String>, at path: String) -> [String] {
    guard case .mapping(let mapping) = value else { return [] }
    return mapping.entries.map(\.key).filter { !known.contains($0) }.map { "\(path).\($0)" }
  }
}
