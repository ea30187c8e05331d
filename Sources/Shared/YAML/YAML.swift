/// Reads YAML 1.2 (and so JSON) as manifests and kubeconfig files use it, and writes it as API servers do.
package enum YAML {
  /// Bounds against hostile texts.
  package struct Limits: Sendable {
    /// Of the text itself.
    package var bytes = 16 << 20
    /// Of all scalars and collections once aliases are written out, which stops alias bombs.
    package var expandedBytes = 32 << 20
    /// Of collections within collections.
    package var depth = 64

    package init() {}
  }

  /// All documents of the text; none where it holds only comments.
  /// Throws where the text is not YAML, has a duplicate key, or passes a bound.
  package static func documents(_ bytes: [UInt8], limits: Limits = Limits()) throws(YAMLError) -> [YAMLValue] {
    guard bytes.count <= limits.bytes else {
      throw YAMLError("the text has \(bytes.count) bytes, more than the \(limits.bytes) allowed")
    }
    var composer = Composer(try EventParser(bytes), limits: limits)
    var documents: [YAMLValue] = []
    while let document = try composer.document() { documents.append(document) }
    return documents
  }
}
