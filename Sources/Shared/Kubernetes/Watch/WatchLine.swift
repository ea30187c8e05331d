import FoundationEssentials
import YAML

/// One line of a watch stream.
enum WatchLine<Object: KubernetesResource> {
  case added(Object)
  case modified(Object)
  case deleted(Object)
  /// Nothing changed up to this resource version.
  case bookmark(resourceVersion: String)
  /// The server ends the watch, and says why.
  case error(Status)
  /// A line that is none of these; the object it was about is unknown.
  case malformed(String)

  private struct Envelope: Decodable {
    var type: String
  }

  private struct Carrier<Content: Decodable>: Decodable {
    var object: Content
  }

  private struct Marker: Decodable {
    var metadata: ObjectMeta
  }

  init(_ line: [UInt8]) {
    let data = Data(line)
    let decoder = JSONDecoder()
    do {
      switch try decoder.decode(Envelope.self, from: data).type {
      case "ADDED": self = .added(try decoder.decode(Carrier<Object>.self, from: data).object)
      case "MODIFIED": self = .modified(try decoder.decode(Carrier<Object>.self, from: data).object)
      case "DELETED": self = .deleted(try decoder.decode(Carrier<Object>.self, from: data).object)
      case "BOOKMARK":
        let marker = try decoder.decode(Carrier<Marker>.self, from: data).object
        self = .bookmark(resourceVersion: marker.metadata.resourceVersion ?? "")
      case "ERROR": self = .error(try decoder.decode(Carrier<Status>.self, from: data).object)
      case let other: self = .malformed("event of unknown type \(other)")
      }
    } catch {
      self = .malformed((error as? DecodingError)?.fieldAndCause ?? "\(error)")
    }
  }
}
