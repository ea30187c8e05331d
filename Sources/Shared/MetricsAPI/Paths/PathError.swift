/// A path that is refused before anybody looks what it names, since a backend or a proxy may read it differently.
package enum PathError: Error, Sendable, Equatable, CustomStringConvertible {
  case malformedEscape
  case encodedSlash
  case controlCharacter
  case backslash
  case emptySegment
  case dotSegment
  case notUTF8

  package var description: String {
    switch self {
    case .malformedEscape: "the path holds a malformed percent-encoding"
    case .encodedSlash: "the path holds an encoded slash"
    case .controlCharacter: "the path holds a control character"
    case .backslash: "the path holds a backslash"
    case .emptySegment: "the path holds an empty segment"
    case .dotSegment: "the path holds a dot segment"
    case .notUTF8: "the path is not UTF-8"
    }
  }
}
