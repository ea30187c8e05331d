/// The path of a request, decoded exactly once. What is looked up, authorized and sent to a backend comes from here.
package struct RequestPath: Hashable, Sendable {
  package let endpoint: Endpoint
  /// The decoded path, for log lines and for the authorization of what is no metric.
  package let text: String

  /// Reads the path of a request target, without its query.
  ///
  /// Refuses what two readers could understand differently: encoded `/`, `\`, control characters, dot segments, empty
  /// segments, broken escapes, invalid UTF-8. `@ : | ~` and every other character are allowed, encoded or not.
  package static func parse(_ path: String) throws(PathError) -> RequestPath {
    let text = try PathDecoder.decode(path)
    let segments = try PathSegments(text)
    return RequestPath(endpoint: try Endpoint(segments), text: text)
  }

  /// The same of bytes, which have to be UTF-8.
  package static func parse(_ path: [UInt8]) throws(PathError) -> RequestPath {
    guard let path = String(validating: path, as: UTF8.self) else { throw .notUTF8 }
    return try parse(path)
  }
}
