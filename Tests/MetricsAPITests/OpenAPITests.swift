import Foundation
import MetricsAPI
import Testing

@Suite struct OpenAPITests {
  private typealias Object = [String: Any]

  private func object(_ bytes: [UInt8]) throws -> Object {
    try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? Object)
  }

  /// All values of `$ref`, wherever they stand.
  private func references(in value: Any) -> [String] {
    if let object = value as? Object {
      return object.flatMap { $0.key == "$ref" ? [$0.value as? String ?? ""] : references(in: $0.value) }
    }
    return (value as? [Any])?.flatMap(references) ?? []
  }

  private func operationIDs(_ document: Object) throws -> [String] {
    try #require(document["paths"] as? [String: Object]).values.map { path in
      try #require((path["get"] as? Object)?["operationId"] as? String)
    }
  }

  @Test func `The Swagger document names every path and kind, and defines what it refers to`() throws {
    let document = try object(OpenAPIDocument.swagger(version: "v1 \"x\""))
    #expect(document["swagger"] as? String == "2.0")
    #expect((document["info"] as? [String: String])?["version"] == "v1 \"x\"")
    let paths = try #require(document["paths"] as? Object)
    for version in MetricsGroupVersion.allCases {
      #expect(paths["/apis/\(version.group.rawValue)/"] != nil)
      #expect(paths["\(version.path)/"] != nil)
    }
    #expect(paths["/apis/custom.metrics.k8s.io/v1beta1/{resource}/{name}/{metric}"] != nil)
    #expect(paths["/apis/external.metrics.k8s.io/v1beta1/namespaces/{namespace}/{metric}"] != nil)
    #expect(paths.count == 2 + 4 + 4 + 2)
    #expect(Set(try operationIDs(document)).count == paths.count)

    let definitions = try #require(document["definitions"] as? [String: Object])
    for reference in references(in: document) {
      #expect(definitions[String(reference.dropFirst("#/definitions/".count))] != nil)
    }
    // kube-aggregator keeps of an APIService what its paths refer to: nothing may be defined without need.
    #expect(Set(references(in: document)).count == definitions.count)
    let kinds = definitions.values.compactMap { $0["x-kubernetes-group-version-kind"] as? [[String: String]] }
    #expect(
      Set(kinds.flatMap { $0 }) == [
        ["group": "custom.metrics.k8s.io", "version": "v1beta1", "kind": "MetricValueList"],
        ["group": "custom.metrics.k8s.io", "version": "v1beta2", "kind": "MetricValueList"],
        ["group": "external.metrics.k8s.io", "version": "v1beta1", "kind": "ExternalMetricValueList"],
      ])
  }

  @Test(arguments: MetricsGroupVersion.allCases)
  func `The OpenAPI document of a group-version has its paths alone`(version: MetricsGroupVersion) throws {
    let document = try object(OpenAPIDocument.openAPI(version, version: "v1"))
    #expect(document["openapi"] as? String == "3.0.0")
    let paths = try #require(document["paths"] as? Object)
    #expect(paths.count == (version.group == .custom ? 4 : 2))
    #expect(paths.keys.allSatisfy { $0.hasPrefix(version.path + "/") })
    let schemas = try #require((document["components"] as? [String: Object])?["schemas"] as? Object)
    #expect(
      Set(references(in: document)) == Set(schemas.keys.map { "#/components/schemas/\($0)" }))
  }

  @Test func `Every parameter of a path is declared`() throws {
    let documents =
      try [OpenAPIDocument.swagger(version: "")].map(object)
      + MetricsGroupVersion.allCases.map { try object(OpenAPIDocument.openAPI($0, version: "")) }
    for (path, operations) in documents.flatMap({ $0["paths"] as? [String: [String: Object]] ?? [:] }) {
      let named = path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
      let declared = (operations["get"]?["parameters"] as? [Object] ?? []).filter { $0["in"] as? String == "path" }
      #expect(declared.map { $0["name"] as? String } == named)
      #expect(declared.allSatisfy { $0["required"] as? Bool == true })
    }
  }

  @Test func `The index says where the documents are`() {
    #expect(
      String(decoding: OpenAPIDocument.index { $0 == .customV1Beta1 ? "A1" : "B2" }, as: UTF8.self) == """
        {"paths":{"apis/custom.metrics.k8s.io/v1beta1":\
        {"serverRelativeURL":"/openapi/v3/apis/custom.metrics.k8s.io/v1beta1?hash=A1"},\
        "apis/custom.metrics.k8s.io/v1beta2":\
        {"serverRelativeURL":"/openapi/v3/apis/custom.metrics.k8s.io/v1beta2?hash=B2"},\
        "apis/external.metrics.k8s.io/v1beta1":\
        {"serverRelativeURL":"/openapi/v3/apis/external.metrics.k8s.io/v1beta1?hash=B2"}}}
        """)
  }

  @Test func `Paths of documents are read and written alike`() {
    let paths = [OpenAPIPath.v2, .v3] + MetricsGroupVersion.allCases.map { .v3GroupVersion($0) }
    for path in paths { #expect(OpenAPIPath(path.text) == path) }
    for text in [
      "/openapi", "/openapi/v2/", "/openapi/v3/", "/openapi/v3/apis", "/openapi/v3/apis/apps/v1",
      "/openapi/v3/apis/custom.metrics.k8s.io", "/openapi/v3/apis/custom.metrics.k8s.io/v1beta1/",
    ] {
      #expect(OpenAPIPath(text) == nil)
    }
  }

  @Test(arguments: [
    ("hash=AB", "AB"), ("a=b&hash=AB&c", "AB"), ("hash=", nil), ("", nil), ("xhash=A", nil), ("hash", nil),
  ])
  func `The hash is found in the query`(query: String, expected: String?) {
    let hash = OpenAPIPath.hash(in: Array(query.utf8)[...])
    #expect(hash.map { String(decoding: $0, as: UTF8.self) } == expected)
  }

  @Test(arguments: [
    (nil, true), ("application/json", true), ("*/*", true), ("application/json;g=x", true), ("text/html", false),
    ("application/com.github.proto-openapi.spec.v2@v1.0+protobuf", true),
    ("application/com.github.proto-openapi.spec.v3.v1.0+protobuf;q=0.9", true), ("application/yaml", false),
    ("text/com.github.proto-openapi.spec.v2@v1.0+protobuf", false),
  ])
  func `Documents are had in JSON, by those who ask for protobuf too`(accept: String?, expected: Bool) {
    #expect(OpenAPIDocument.accepts(accept.map { Array($0.utf8)[...] }) == expected)
  }
}
