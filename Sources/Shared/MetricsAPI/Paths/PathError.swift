/// Why a path is refused with 400 before anything is looked up.
package enum PathError: Error, Hashable, Sendable, CustomStringConvertible {
  case notAbsolute
  /// A `%` without two hexadecimal digits, at this byte.
  case badEscape(offset: Int)
  /// An encoded `/`, a `\`, or a control character, encoded or not, at this byte.
  case forbiddenCharacter(offset: Int)
  /// `.` or `..`, encoded or not.
  case dotSegment
  /// `//`, or a `/` at the end of a path that names a metric.
  case emptySegment
  case notUTF8

  package var description: String {
    switch self {
    case .notAbsolute: "the path does not begin with \"/\""
    case .badEscape(let offset): "the path has an invalid percent-escape at byte \(offset)"
    case .forbiddenCharacter(let offset):
      "the path has an encoded \"/\", a backslash or a control character at byte \(offset)"
    case .dotSegment: "the path has a segment \".\" or \"..\""
    case .emptySegment: "the path has an empty segment"
    case .notUTF8: "the path is not UTF-8"
    }
  }
}
