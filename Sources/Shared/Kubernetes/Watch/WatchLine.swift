import FoundationEssentials

/// One line of a watch (`k8s.io/apimachinery/pkg/apis/meta/v1`, WatchEvent).
enum WatchLine<Object: KubernetesResource>: Decodable {
  case changed(WatchEvent<Object>, version: String)
  case bookmark(version: String)
  case error(Status)
  /// Of a type this client does not know.
  case unknown(type: String)

  private enum Key: String, CodingKey {
    case type
    case object
  }

  private struct Marker: Decodable {
    var metadata: ObjectMeta
  }

  init(from decoder: any Decoder) throws {
    let line = try decoder.container(keyedBy: Key.self)
    let type = try line.decode(String.self, forKey: .type)
    switch type {
    case "ADDED", "MODIFIED":
      let object = try line.decode(Object.self, forKey: .object)
      self = .changed(.applied(object), version: object.metadata.resourceVersion ?? "")
    case "DELETED":
      let object = try line.decode(Object.self, forKey: .object)
      self = .changed(.deleted(object), version: object.metadata.resourceVersion ?? "")
    case "BOOKMARK":
      self = .bookmark(version: try line.decode(Marker.self, forKey: .object).metadata.resourceVersion ?? "")
    case "ERROR": self = .error(try line.decode(Status.self, forKey: .object))
    default: self = .unknown(type: type)
    }
  }
}
