import FoundationEssentials

/// The part of a Secret that is read and written here. Its description tells nothing of what it holds.
package struct Secret: KubernetesResource, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
  package var metadata: ObjectMeta
  /// Each value in base64.
  package var data: [String: String]?

  package init(metadata: ObjectMeta, data: [String: String]? = nil) {
    self.metadata = metadata
    self.data = data
  }

  /// The values themselves; nil for one that is no base64, which no API server stores.
  package func bytes(_ key: String) -> [UInt8]? { data?[key].flatMap { Data(base64Encoded: $0) }.map { Array($0) } }

  package var description: String { "Secret \(metadata.namespace ?? "")/\(metadata.name ?? "")" }
  package var debugDescription: String { description }

  /// Where the API server keeps one.
  package static func path(namespace: String, name: String) -> String {
    "/api/v1/namespaces/\(APIRequest.percentEncoded(namespace))/secrets/\(APIRequest.percentEncoded(name))"
  }
}
