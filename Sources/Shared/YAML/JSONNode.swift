/// A JSON value (RFC 8259) as a YAML document holds it: what is no string keeps its text.
enum JSONNode {
  /// A number, `true`, `false` or `null`.
  case plain(ArraySlice<UInt8>)
  case string(String)
  case array([JSONNode])
  /// In the order of the text; a key may be there twice.
  case object([Entry])

  struct Entry {
    let key: String
    let value: JSONNode
  }
}
