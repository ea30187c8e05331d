/// The parameters of a query, decoded as `ParseQuery` of Go's `net/url` decodes them.
package enum QueryParameters {
  /// The values of `name` in a query without its `?`, in their order; a pair without `=` has an empty one. Pairs that cannot
  /// be decoded are passed over, as Go passes over them: for parameters that may be lost, since they choose nothing.
  package static func values(_ name: String, in query: ArraySlice<UInt8>) -> [String] {
    query.split(separator: UInt8(ascii: "&")).compactMap { pair in
      guard let (found, value) = try? decode(pair), found.hasSameBytes(as: name) else { return nil }
      return value
    }
  }

  /// All of them, by name; the first of a name counts. For parameters that must not be lost.
  ///
  /// Throws ``QueryError/malformed(pair:)``.
  package static func all(in query: ArraySlice<UInt8>) throws(QueryError) -> [String: String] {
    var values: [String: String] = [:]
    for pair in query.split(separator: UInt8(ascii: "&")) {
      let (name, value) = try decode(pair)
      if values[name] == nil { values[name] = value }
    }
    return values
  }

  /// Throws ``QueryError/malformed(pair:)``.
  static func decode(_ pair: ArraySlice<UInt8>) throws(QueryError) -> (name: String, value: String) {
    var parts: (name: [UInt8], value: [UInt8]) = ([], [])
    var isValue = false
    var rest = pair
    while var byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "=") where !isValue:
        isValue = true
        continue
      case UInt8(ascii: ";"): throw malformed(pair)
      case UInt8(ascii: "+"): byte = UInt8(ascii: " ")
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst(), let low = rest.popFirst(), let decoded = PercentEncoding.byte(high, low)
        else {
          throw malformed(pair)
        }
        byte = decoded
      default: break
      }
      if isValue { parts.value.append(byte) } else { parts.name.append(byte) }
    }
    guard let name = String(validating: parts.name, as: UTF8.self),
      let value = String(validating: parts.value, as: UTF8.self)
    else { throw malformed(pair) }
    return (name, value)
  }

  private static func malformed(_ pair: ArraySlice<UInt8>) -> QueryError {
    .malformed(pair: String(decoding: pair.prefix(256), as: UTF8.self))
  }
}
