/// What a caller asks of an adapter, decoded by a parser of its own: a test of the product must not lean on the product's.
package struct AdapterRequest: Sendable, Equatable {
  /// One object or all of a resource, as in `namespaces/{namespace}/{resource}/{name}/{metric}`.
  package struct Object: Sendable, Equatable {
    /// With its API group: `deployments.apps`.
    package var resource: String
    /// Nil for what is not in a namespace.
    package var namespace: String?
    /// `*` for all that the label selector matches.
    package var name: String
    package var metric: String
  }

  package enum Target: Sendable, Equatable {
    /// `/apis`
    case groups
    /// `/apis/{group}`
    case group(String)
    /// `/apis/{group}/{version}`
    case list(group: String, version: String)
    case custom(version: String, Object)
    case external(namespace: String, metric: String)
    /// A path in a group that has no such path.
    case nothing(group: String)
    /// Any other path.
    case elsewhere
  }

  package static let customGroup = "custom.metrics.k8s.io"
  package static let externalGroup = "external.metrics.k8s.io"

  package var target: Target
  /// Decoded.
  package var path: String
  package var labelSelector: LabelSelection
  package var metricLabelSelector: LabelSelection

  /// `path` and `query` as they were sent, percent-encoded.
  package init(path: some Collection<UInt8>, query: some Collection<UInt8>) {
    let segments = path.split(separator: UInt8(ascii: "/")).map { Self.decoded($0) }
    self.path = "/" + segments.joined(separator: "/")
    target = Self.target(segments)
    var parameters: [String: String] = [:]
    for parameter in query.split(separator: UInt8(ascii: "&")) {
      let parts = parameter.split(separator: UInt8(ascii: "="), maxSplits: 1)
      guard let name = parts.first else { continue }
      parameters[Self.decoded(name)] = parts.count == 2 ? Self.decoded(parts[1], isForm: true) : ""
    }
    labelSelector = LabelSelection(parameters["labelSelector"] ?? "")
    metricLabelSelector = LabelSelection(parameters["metricLabelSelector"] ?? "")
  }

  package init(_ target: String) {
    let parts = target.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1)
    self.init(path: parts.first.map { Array($0) } ?? [], query: parts.count == 2 ? Array(parts[1]) : [])
  }

  private static func target(_ segments: [String]) -> Target {
    guard segments.first == "apis" else { return .elsewhere }
    guard segments.count > 1 else { return .groups }
    let group = segments[1]
    guard group == customGroup || group == externalGroup else { return .elsewhere }
    guard segments.count > 2 else { return .group(group) }
    let version = segments[2]
    let isServed = version == "v1beta1" || version == "v1beta2" && group == customGroup
    guard isServed else { return .nothing(group: group) }
    let rest = Array(segments[3...])
    if rest.isEmpty { return .list(group: group, version: version) }
    if group == externalGroup {
      let isMetric = rest.count == 3 && rest[0] == "namespaces"
      return isMetric ? .external(namespace: rest[1], metric: rest[2]) : .nothing(group: group)
    }
    guard let object = object(rest) else { return .nothing(group: group) }
    return .custom(version: version, object)
  }

  private static func object(_ rest: [String]) -> Object? {
    switch rest.count {
    case 4 where rest[0] == "namespaces" && rest[2] == "metrics":
      Object(resource: "namespaces", namespace: nil, name: rest[1], metric: rest[3])
    case 5 where rest[0] == "namespaces":
      Object(resource: rest[2], namespace: rest[1], name: rest[3], metric: rest[4])
    case 3: Object(resource: rest[0], namespace: nil, name: rest[1], metric: rest[2])
    default: nil
    }
  }

  /// `isForm` where `+` is a space.
  static func decoded(_ bytes: some Sequence<UInt8>, isForm: Bool = false) -> String {
    var decoded: [UInt8] = []
    var rest = Array(bytes)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        decoded.append(value)
        rest = rest.dropFirst(2)
      } else {
        decoded.append(isForm && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }
}
