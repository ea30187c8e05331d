/// The OpenAPI documents of the metrics APIs. They never change with the metrics: what kube-aggregator fetches every
/// minute and merges into its own stays the same, and small.
///
/// `version` is that of the router.
package enum OpenAPIDocument {
  /// The answer to `/openapi/v2`, Swagger 2.0. kube-aggregator (`pkg/controllers/openapi/aggregator`) takes the paths
  /// below `/apis/G/V/` of each APIService out of it, with the definitions they refer to.
  package static func swagger(version: String) -> [UInt8] {
    let operations = OpenAPIOperations(dialect: .swagger2)
    let paths =
      MetricsGroup.allCases.map(operations.group) + MetricsGroupVersion.allCases.flatMap(operations.groupVersion)
    let definitions = MetricsGroupVersion.allCases.map { OpenAPISchemas(version: $0, dialect: .swagger2).text }
    return document(
      #""swagger":"2.0""#, version, paths: paths, #""definitions":{\#(definitions.joined(separator: ","))}"#)
  }

  /// The answer to `/openapi/v3/apis/G/V`, OpenAPI 3.0.
  package static func openAPI(_ groupVersion: MetricsGroupVersion, version: String) -> [UInt8] {
    let schemas = OpenAPISchemas(version: groupVersion, dialect: .openAPI3).text
    return document(
      #""openapi":"3.0.0""#, version, paths: OpenAPIOperations(dialect: .openAPI3).groupVersion(groupVersion),
      #""components":{"schemas":{\#(schemas)}}"#)
  }

  /// The answer to `/openapi/v3`: for each group-version where its document is, with the hash of the document, so that a
  /// client can keep it for good (`OpenAPIV3Discovery` of k8s.io/kube-openapi, `pkg/handler3`).
  package static func index(hash: (MetricsGroupVersion) -> String) -> [UInt8] {
    let paths = MetricsGroupVersion.allCases.map { version in
      #""\#(version.path.dropFirst())":{"serverRelativeURL":"\#(location(version, hash: hash(version)))"}"#
    }
    return Array(#"{"paths":{\#(paths.joined(separator: ","))}}"#.utf8)
  }

  /// Where the document of a group-version is, relative to the server; `hash` is of letters and digits.
  package static func location(_ groupVersion: MetricsGroupVersion, hash: String) -> String {
    "\(OpenAPIPath.v3GroupVersion(groupVersion).text)?hash=\(hash)"
  }

  private static func document(_ kind: String, _ version: String, paths: [String], _ schemas: String) -> [UInt8] {
    var json = JSONText()
    json.raw(#"{\#(kind),"info":{"title":"Metrics Router","version":"#)
    json.string(version)
    json.raw(#"},"paths":{\#(paths.joined(separator: ","))},\#(schemas)}"#)
    return json.bytes
  }
}
