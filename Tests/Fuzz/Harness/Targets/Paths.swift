import HTTP
import MetricsAPI
import RequestInfo

@testable import metrics_router_server

extension FuzzTarget {
  /// Request targets. What is authorized, what is looked up and what a backend is sent are to be one and the same, as an API
  /// server would read it, which ``RequestInfo`` transcribes.
  static let paths = FuzzTarget(name: "paths", maximumLength: 512) { input in
    let target = [UInt8(ascii: "/")] + input
    let path = Array(target.prefix { $0 != UInt8(ascii: "?") })
    let query = Array(target.dropFirst(path.count + 1))
    guard let head = head(of: target) else { return }
    guard let read = try? ReadTarget(head) else { return }
    guard let text = RequestInfo.decode(path) else { broken("what is let through can be decoded") }
    require(text.hasSameBytes(as: read.path.text), "the path is decoded once")
    require(!text.utf8.contains { $0 < 0x20 || $0 == 0x7f || $0 == UInt8(ascii: "\\") }, "no control character, no \\")
    let parts = text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    require(
      parts.dropLast().allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) },
      "no empty segment, no dot segment")
    require(
      path.split(separator: UInt8(ascii: "/")).count == text.utf8.split(separator: UInt8(ascii: "/")).count,
      "no encoded /")
    for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"] {
      guard let info = RequestInfo(method: method, path: text, watches: read.watches) else { continue }
      compare(read.path.attributes(method: method, watches: read.watches), info)
    }
    guard case .metric(let request) = read.path.endpoint else { return }
    checkRead(request, of: read, query)
  }

  private static func head(of target: [UInt8]) -> RequestHead? {
    let text = Array("GET ".utf8) + target + Array(" HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
    return text.withUnsafeBytes { bytes in
      var parser = HTTP1RequestParser()
      guard case .complete(let head, let count)? = try? parser.parse(bytes), count == bytes.count else { return nil }
      return head
    }
  }

  private static func compare(_ asked: AuthorizationAttributes, _ info: RequestInfo) {
    let fits =
      info.isResourceRequest
      ? asked.isResourceRequest && asked.verb.hasSameBytes(as: info.verb) && asked.group.hasSameBytes(as: info.group)
        && asked.version.hasSameBytes(as: info.version) && asked.resource.hasSameBytes(as: info.resource)
        && asked.subresource.hasSameBytes(as: info.subresource) && asked.name.hasSameBytes(as: info.name)
        && asked.namespace.hasSameBytes(as: info.namespace)
      : !asked.isResourceRequest && asked.path.hasSameBytes(as: info.path) && asked.verb.hasSameBytes(as: info.verb)
    require(fits, "a review is asked what RequestInfo says: \(asked) and \(info)")
  }

  /// A metric read that is accepted.
  private static func checkRead(_ request: MetricRequest, of read: ReadTarget, _ query: [UInt8]) {
    guard let info = RequestInfo(method: "GET", path: read.path.text) else { broken("RequestInfo reads \(request)") }
    require(info.isResourceRequest, "a metric is a resource: \(request)")
    require(info.group == request.groupVersion.group.rawValue, "of its group")
    require(info.version == request.groupVersion.version, "of its version")
    require(request.attributes == read.path.attributes(), "the request's attributes are the path's: \(request)")
    for text in [request.metric, request.resource, request.objectName, request.namespace ?? ""] {
      require(!text.utf8.contains(UInt8(ascii: "/")), "one segment each: \(request)")
    }
    checkLookup(request, info)
    guard let parsed = try? read.query.get() else { return }
    for version in request.groupVersion.group.versions {
      let sent = BackendTarget(request, parsed).text(for: version)
      let path = Array(sent.utf8.prefix { $0 != UInt8(ascii: "?") })
      require(sent.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "#") }, "a target that can be sent")
      guard let text = RequestInfo.decode(path), var again = RequestInfo(method: "GET", path: text) else {
        broken("what is sent can be read: \(sent)")
      }
      require(again.version == version.version, "what is sent is of the version asked for")
      (again.version, again.path) = (info.version, info.path)
      require(again == info, "a backend reads what was authorized: \(again) and \(info)")
      guard let reread = try? RequestPath.parse(path), case .metric(var repeated) = reread.endpoint else {
        broken("what is sent is a metric read: \(sent)")
      }
      repeated.groupVersion = request.groupVersion
      require(
        repeated.lookup == request.lookup && repeated.objectName.hasSameBytes(as: request.objectName)
          && (repeated.namespace ?? "").hasSameBytes(as: request.namespace ?? ""), "what is sent names the same metric")
    }
  }

  /// What is looked up says no more than what is authorized.
  private static func checkLookup(_ request: MetricRequest, _ info: RequestInfo) {
    switch request.lookup {
    case .external(let metric):
      let isQuirk = metric == "status" || metric == "finalize"
      require((isQuirk ? info.subresource : info.resource).hasSameBytes(as: metric), "the external metric: \(info)")
      require(!isQuirk || info.resource == "namespaces", "a subresource of a namespace: \(info)")
      require((request.namespace ?? "").hasSameBytes(as: info.namespace), "its namespace: \(info)")
    case .custom(let metric) where metric.resource == "namespaces" && info.resource == "metrics":
      require(!metric.isNamespaced && metric.name.hasSameBytes(as: info.name), "the namespace's metric: \(info)")
      require(request.objectName.hasSameBytes(as: info.namespace), "the namespace it describes: \(info)")
    case .custom(let metric):
      require(metric.resource.hasSameBytes(as: info.resource), "the resource: \(info)")
      require(metric.name.hasSameBytes(as: info.subresource), "the metric: \(info)")
      require(request.objectName.hasSameBytes(as: info.name), "the object: \(info)")
      require((request.namespace ?? "").hasSameBytes(as: info.namespace), "the namespace: \(info)")
      require(metric.isNamespaced == !info.namespace.isEmpty, "the scope: \(info)")
    }
  }
}
