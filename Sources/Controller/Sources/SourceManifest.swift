import Routing
import YAML

/// What one document of a manifest turned out to be.
enum SourceManifest: Sendable, Equatable {
  case source(MetricsSource)
  /// Of another kind, in words.
  case other(String)
  /// Meant as a MetricsSource, but unusable. The name is nil where it has none.
  case unusable(name: String?, problem: String)

  /// All that a file holds, lists taken apart, as `kubectl get ms -o yaml` prints them.
  static func all(_ bytes: [UInt8], group: String) throws(YAMLError) -> [SourceManifest] {
    var found: [SourceManifest] = []
    for document in try YAML.documents(bytes) {
      if case .null = document { continue }
      let isList = document["kind"]?.text?.hasSuffix("List") == true
      for object in (isList ? document["items"]?.elements : nil) ?? [document] {
        found.append(read(object, group: group))
      }
    }
    return found
  }

  private static func read(_ object: YAMLValue, group: String) -> SourceManifest {
    let (kind, version) = (object["kind"]?.text, object["apiVersion"]?.text)
    guard kind == "MetricsSource" else { return .other("\(version ?? "no apiVersion") \(kind ?? "no kind")") }
    let name = object["metadata"]?["name"]?.text
    let expected = "\(group)/\(MetricsSource.version)"
    guard version == expected else {
      let advice = "use \(expected), or name the group with --api-group"
      return .unusable(name: name, problem: "apiVersion: \(version ?? "\"\""): \(advice)")
    }
    guard let name, !name.isEmpty else { return .unusable(name: nil, problem: "metadata.name: \"\": give it a name") }
    guard DNSName.isSubdomain(name) else {
      return .unusable(name: name, problem: "metadata.name: \(name): use a-z, 0-9, - and ., at most 253 of them")
    }
    if let problem = SpecFields.problem(in: object) { return .unusable(name: name, problem: problem) }
    do throws(YAMLError) {
      return .source(try object.decode(MetricsSource.self))
    } catch {
      return .unusable(name: name, problem: "\(error)")
    }
  }
}
