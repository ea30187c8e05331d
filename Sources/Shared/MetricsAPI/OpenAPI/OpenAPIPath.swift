/// The paths at which an API server describes itself.
package enum OpenAPIPath: Hashable, Sendable {
  /// `/openapi/v2`: everything in one Swagger 2.0 document.
  case v2
  /// `/openapi/v3`: where the documents of the group-versions are.
  case v3
  /// `/openapi/v3/apis/G/V`: an OpenAPI 3.0 document of one group-version.
  case v3GroupVersion(MetricsGroupVersion)

  /// Reads a decoded path; nil where it is none of these.
  package init?(_ path: String) {
    guard path.hasPrefix("/openapi/v") else { return nil }
    if path == "/openapi/v2" {
      self = .v2
    } else if path == "/openapi/v3" {
      self = .v3
    } else if let version = MetricsGroupVersion.allCases.first(where: { path == "/openapi/v3" + $0.path }) {
      self = .v3GroupVersion(version)
    } else {
      return nil
    }
  }

  package var text: String {
    switch self {
    case .v2: "/openapi/v2"
    case .v3: "/openapi/v3"
    case .v3GroupVersion(let version): "/openapi/v3" + version.path
    }
  }

  /// The value of `hash` in the query of a ``v3GroupVersion(_:)``, nil when absent or empty: who knows the hash of a
  /// document may keep it for good. Not decoded, since a hash has nothing to encode.
  package static func hash(in query: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let parameter = query.split(separator: UInt8(ascii: "&")).first { $0.starts(with: "hash=".utf8) }
    guard let value = parameter?.dropFirst("hash=".utf8.count), !value.isEmpty else { return nil }
    return value
  }
}
