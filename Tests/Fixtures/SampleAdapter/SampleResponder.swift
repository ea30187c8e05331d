import HTTP

/// Answers like a small metrics adapter: discovery documents and values, for callers that bring the right token.
final class SampleResponder: Responder {
  private let catalog: Catalog
  /// What the `Authorization` field must say; nil lets everybody in.
  private let authorization: [UInt8]?

  init(catalog: Catalog, token: String?) {
    self.catalog = catalog
    authorization = token.map { Array("Bearer \($0)".utf8) }
  }

  func respond(to request: RequestHead, on connection: ConnectionContext) async -> Response {
    if let authorization, request.headers.first("authorization").map(Array.init) != authorization {
      return status(401, "Unauthorized", "Unauthorized")
    }
    let path = Self.segments(request.path)
    guard path.first == "apis", path.count >= 3 else { return notFound() }
    let (group, version) = (path[1], path[2])
    let rest = Array(path[3...])
    let isKnown =
      group == "custom.metrics.k8s.io" && (version == "v1beta1" || version == "v1beta2")
      || group == "external.metrics.k8s.io" && version == "v1beta1"
    guard isKnown else { return notFound() }
    if rest.isEmpty { return json(catalog.resourceList(group: group, version: version)) }
    guard let body = values(group, version, rest) else {
      return status(404, "NotFound", "the server could not find the metric \(rest.last ?? "")")
    }
    return json(body)
  }

  private func values(_ group: String, _ version: String, _ rest: [String]) -> String? {
    if group == "external.metrics.k8s.io" {
      return rest.count == 3 && rest[0] == "namespaces" ? catalog.externalValues(metric: rest[2]) : nil
    }
    switch rest.count {
    case 4 where rest[0] == "namespaces" && rest[2] == "metrics":
      return catalog.values(
        version: version, namespace: nil, resource: "namespaces", name: rest[1], metric: rest[3])
    case 5 where rest[0] == "namespaces":
      return catalog.values(
        version: version, namespace: rest[1], resource: rest[2], name: rest[3], metric: rest[4])
    case 3: return catalog.values(version: version, namespace: nil, resource: rest[0], name: rest[1], metric: rest[2])
    default: return nil
    }
  }

  private func json(_ body: String, status: Int = 200) -> Response {
    Response(status: status, contentType: "application/json", body: Array(body.utf8))
  }

  private func notFound() -> Response {
    status(404, "NotFound", "the server could not find the requested resource")
  }

  private func status(_ code: Int, _ reason: String, _ message: String) -> Response {
    json(
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"\#(message)","reason":"\#(reason)","code":\#(code)}"#,
      status: code)
  }

  /// The decoded segments of a path; a fixture may be simple about it.
  private static func segments(_ path: ArraySlice<UInt8>) -> [String] {
    path.split(separator: UInt8(ascii: "/")).map { segment in
      var decoded: [UInt8] = []
      var bytes = Array(segment)[...]
      while let byte = bytes.popFirst() {
        if byte == UInt8(ascii: "%"), bytes.count >= 2,
          let value = UInt8(String(decoding: bytes.prefix(2), as: UTF8.self), radix: 16)
        {
          decoded.append(value)
          bytes = bytes.dropFirst(2)
        } else {
          decoded.append(byte)
        }
      }
      return String(decoding: decoded, as: UTF8.self)
    }
  }
}
