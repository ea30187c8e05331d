extension RequestPath {
  /// What to authorize before answering, for every endpoint, unknown ones included.
  ///
  /// `method` is the HTTP method as sent. `watches` says that the query asks to watch, which makes a list a watch.
  package func attributes(method: String = "GET", watches: Bool = false) -> AuthorizationAttributes {
    // By bytes, as the endpoint was read: to Swift a slash with a combining mark behind it is another character.
    let segments = text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    // The core group has a prefix of its own, and no name.
    let prefix = segments.first == "api" ? 2 : 3
    guard segments.count > prefix, segments[0] == "api" || segments[0] == "apis" else {
      return AuthorizationAttributes(path: text, verb: method.lowercased())
    }
    return AuthorizationAttributes(
      group: prefix == 2 ? "" : segments[1], version: segments[prefix - 1], rest: segments[prefix...],
      verb: AuthorizationAttributes.verb(method: method), watches: watches)
  }
}

extension MetricRequest {
  /// What to authorize before answering a GET of this request.
  package var attributes: AuthorizationAttributes {
    let rest: [String]
    if groupVersion.group == .external {
      rest = ["namespaces", namespace ?? "", metric]
    } else if let namespace {
      rest = ["namespaces", namespace, resource, objectName, metric]
    } else if resource == "namespaces" {
      rest = ["namespaces", objectName, "metrics", metric]
    } else {
      rest = [resource, objectName, metric]
    }
    return AuthorizationAttributes(
      group: groupVersion.group.rawValue, version: groupVersion.version, rest: rest[...], verb: "get", watches: false)
  }
}

extension AuthorizationAttributes {
  /// Reads the segments after `/apis/G/V`, at least one.
  fileprivate init(group: String, version: String, rest: ArraySlice<String>, verb: String, watches: Bool) {
    var verb = verb
    var parts = rest
    if let first = parts.first, first == "proxy" || first == "watch" {
      verb = first
      parts = parts.dropFirst()
    }
    var namespace = ""
    if parts.first == "namespaces", parts.count > 1 {
      namespace = parts[parts.startIndex + 1]
      // A known subresource of a namespace keeps the namespace as its resource.
      if parts.count > 2, parts[parts.startIndex + 2] != "status", parts[parts.startIndex + 2] != "finalize" {
        parts = parts.dropFirst(2)
      }
    }
    let part = { (index: Int) in index < parts.count ? parts[parts.startIndex + index] : "" }
    if part(1).isEmpty {
      switch verb {
      case "get": verb = watches ? "watch" : "list"
      case "delete": verb = "deletecollection"
      default: break
      }
    }
    self.init(
      verb: verb, group: group, version: version, resource: part(0),
      subresource: verb == "proxy" ? "" : part(2), name: part(1), namespace: namespace)
  }

  fileprivate static func verb(method: String) -> String {
    switch method {
    case "GET", "HEAD": "get"
    case "POST": "create"
    case "PUT": "update"
    case "PATCH": "patch"
    case "DELETE": "delete"
    default: ""
    }
  }
}
