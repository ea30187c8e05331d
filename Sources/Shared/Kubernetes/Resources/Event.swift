/// What is told of an object beside it (`k8s.io/api/core/v1`, Event).
package struct Event: KubernetesResource, Equatable {
  /// `Event` of an object outside namespaces lies in this namespace.
  package static let clusterNamespace = "default"
  /// Of `message`, in bytes; an API server may refuse a longer one.
  package static let maximumMessageLength = 1024

  /// The object that an event is about (`k8s.io/api/core/v1`, ObjectReference).
  package struct ObjectReference: Codable, Sendable, Equatable {
    package var apiVersion: String
    package var kind: String
    package var name: String
    package var namespace: String?
    /// `kubectl describe` finds events by it.
    package var uid: String?
    /// Of the object when it happened.
    package var resourceVersion: String?

    package init(
      apiVersion: String, kind: String, name: String, namespace: String? = nil, uid: String? = nil,
      resourceVersion: String? = nil
    ) {
      self.apiVersion = apiVersion
      self.kind = kind
      self.name = name
      self.namespace = namespace
      self.uid = uid
      self.resourceVersion = resourceVersion
    }
  }

  /// Who tells it, as releases before 1.19 expect it.
  package struct Source: Codable, Sendable, Equatable {
    package var component: String
  }

  package var apiVersion: String? = "v1"
  package var kind: String? = "Event"
  package var metadata: ObjectMeta
  package var involvedObject: ObjectReference
  /// "Normal" or "Warning".
  package var type: String
  /// For programs, in CamelCase.
  package var reason: String
  package var message: String
  package var source: Source?
  package var reportingComponent: String?
  /// In RFC 3339.
  package var firstTimestamp: String?
  package var lastTimestamp: String?
  package var count: Int?

  /// Something that happened once, at `time` in RFC 3339. The name is the object's with `suffix`, as client-go makes it;
  /// both name and message are cut to what an API server accepts.
  package init(
    about object: ObjectReference, type: String, reason: String, message: String, reporter: String, time: String,
    suffix: UInt64
  ) {
    let digits = String(suffix, radix: 16)
    let ending = "." + String(repeating: "0", count: 16 - digits.count) + digits
    let namespace = object.namespace ?? Self.clusterNamespace
    metadata = ObjectMeta(
      name: Self.stem(object.name, length: Self.maximumNameLength - ending.count) + ending, namespace: namespace)
    involvedObject = object
    self.type = type
    self.reason = reason
    self.message = Self.cut(message, to: Self.maximumMessageLength)
    source = Source(component: reporter)
    reportingComponent = reporter
    firstTimestamp = time
    lastTimestamp = time
    count = 1
  }

  /// Another message in its place, cut to what an API server accepts.
  package mutating func say(_ message: String) { self.message = Self.cut(message, to: Self.maximumMessageLength) }

  private static let maximumNameLength = 253

  /// The start of an object's name that is a name itself.
  private static func stem(_ name: String, length: Int) -> String {
    var stem = name.prefix(length)
    while let last = stem.last, !last.isLetter, !last.isNumber { stem.removeLast() }
    return String(stem)
  }

  /// At most `limit` bytes of `text`, without the half of a character.
  private static func cut(_ text: String, to limit: Int) -> String {
    if text.utf8.count <= limit { return text }
    var end = text.utf8.index(text.startIndex, offsetBy: limit - 3)
    while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    return text[..<end] + "…"
  }
}
