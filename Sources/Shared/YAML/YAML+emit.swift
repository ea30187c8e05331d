extension YAML {
  /// Writes a JSON text as YAML the way Kubernetes does (`JSONToYAML` of sigs.k8s.io/yaml): block style, keys sorted,
  /// numbers with the text they have, strings quoted where they would read as something else.
  ///
  /// Of a repeated key the last one counts. Throws where `json` is not JSON or passes a bound; indentation can make a
  /// text many times as long, so `limits.expandedBytes` bounds the result.
  package static func text(json: [UInt8], limits: Limits = Limits()) throws(YAMLError) -> [UInt8] {
    guard json.count <= limits.bytes else {
      throw YAMLError("the text has \(json.count) bytes, more than the \(limits.bytes) allowed")
    }
    let node = try JSONReader.read(json, maximumDepth: limits.depth)
    return try Emitter(limit: limits.expandedBytes).document(node)
  }
}
