/// What an API server reads out of the method and target of a request, before anybody is asked whether it may be sent:
/// `RequestInfoFactory.NewRequestInfo` of k8s.io/apiserver (`pkg/endpoints/request/requestinfo.go`, 1.20 to 1.36), step by
/// step, with the prefixes of an aggregated API server: `api` and `apis`, the former without groups.
///
/// It is here to be compared with, so nothing of the product is used in it. Everything is bytes, as in Go.
package struct RequestInfo: Equatable, Sendable {
  package var isResourceRequest = false
  package var path: String
  package var verb: String
  package var group = ""
  package var version = ""
  package var namespace = ""
  package var resource = ""
  package var subresource = ""
  package var name = ""

  /// `path` is `URL.Path`, percent-decoded. `watches` says that the query has `watch`, and not as `false` or `0`. Nil where
  /// the original returns an error, and an API server answers 500.
  package init?(method: String, path: String, watches: Bool = false) {
    self.path = path
    verb = method.lowercased()
    var parts = Self.split(path)
    guard parts.count >= 3, parts[0] == "api" || parts[0] == "apis" else { return }
    let hasGroup = parts.removeFirst() == "apis"
    if hasGroup {
      guard parts.count >= 3 else { return }
      group = parts.removeFirst()
    }
    isResourceRequest = true
    version = parts.removeFirst()
    if ["proxy", "watch"].contains(parts[0]) {
      guard parts.count >= 2 else { return nil }
      verb = parts.removeFirst()
    } else {
      verb =
        switch method {
        case "POST": "create"
        case "GET", "HEAD": "get"
        case "PUT": "update"
        case "PATCH": "patch"
        case "DELETE": "delete"
        default: ""
        }
    }
    if parts[0] == "namespaces", parts.count > 1 {
      namespace = parts[1]
      if parts.count > 2, !["status", "finalize"].contains(parts[2]) { parts.removeFirst(2) }
    }
    resource = parts[0]
    if parts.count >= 2 { name = parts[1] }
    if parts.count >= 3, verb != "proxy" { subresource = parts[2] }
    if name.isEmpty, verb == "get" { verb = watches ? "watch" : "list" }
    if name.isEmpty, verb == "delete" { verb = "deletecollection" }
  }

  /// `splitPath`: slashes at both ends are taken off; between two others there is an empty part.
  private static func split(_ path: String) -> [String] {
    let slash = UInt8(ascii: "/")
    var bytes = Array(path.utf8)[...]
    while bytes.first == slash { bytes.removeFirst() }
    while bytes.last == slash { bytes.removeLast() }
    if bytes.isEmpty { return [] }
    return bytes.split(separator: slash, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Byte by byte.
  package static func == (left: RequestInfo, right: RequestInfo) -> Bool {
    left.isResourceRequest == right.isResourceRequest
      && zip(left.texts, right.texts).allSatisfy { Array($0.utf8) == Array($1.utf8) }
  }

  private var texts: [String] { [path, verb, group, version, namespace, resource, subresource, name] }
}

extension RequestInfo {
  /// `URL.Path` of a path as it stands in a request line: `unescape` of Go's `net/url` in its mode for paths. Nil for a
  /// broken escape, and where the result is no text.
  package static func decode(_ path: some Collection<UInt8>) -> String? {
    var decoded: [UInt8] = []
    var rest = Array(path)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        decoded.append(byte)
        continue
      }
      guard let digits = String(validating: rest.prefix(2), as: UTF8.self), digits.utf8.count == 2,
        digits.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }), let value = UInt8(digits, radix: 16)
      else { return nil }
      decoded.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: decoded, as: UTF8.self)
  }
}
