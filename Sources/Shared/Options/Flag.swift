/// What a declaration of a flag returns, and what its value is asked for by once the arguments are parsed.
package struct Flag<Value: Sendable>: Sendable {
  /// Without dashes.
  package let name: String
  /// The value when nobody gave one.
  package let fallback: Value
}
