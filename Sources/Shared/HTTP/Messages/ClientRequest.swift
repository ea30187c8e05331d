/// A GET to a backend, whatever version of HTTP carries it. Made by this product alone: nothing in it comes unread from a
/// caller.
package struct ClientRequest: Sendable {
  package struct Field: Sendable {
    package var name: String
    package var value: String
    /// Whether HTTP/2 may keep it in the connection's table: not a secret, and likely to be sent again.
    package var isIndexed: Bool

    package init(_ name: String, _ value: String, isIndexed: Bool = true) {
      self.name = name
      self.value = value
      self.isIndexed = isIndexed
    }
  }

  /// Path and query, percent-encoded.
  package var target: String
  /// `Host` and `:authority`.
  package var authority: String
  /// Values hold no control characters.
  package var fields: [Field]

  package init(target: String, authority: String, fields: [Field] = []) {
    self.target = target
    self.authority = authority
    self.fields = fields
  }
}
