extension DecodingError {
  /// The field that could not be read and why, on one line: `spec.port is not a string`.
  package var fieldAndCause: String {
    switch self {
    case .keyNotFound(let key, let context): Self.path(context.codingPath + [key]) + " is missing"
    case .valueNotFound(_, let context): Self.path(context.codingPath) + " must not be null"
    case .typeMismatch(let type, let context): Self.path(context.codingPath) + " is not a \(Self.name(of: type))"
    case .dataCorrupted(let context) where context.codingPath.isEmpty: context.debugDescription
    case .dataCorrupted(let context): Self.path(context.codingPath) + ": " + context.debugDescription
    @unknown default: "\(self)"
    }
  }

  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is String.Type: "string"
    case is Bool.Type: "boolean"
    case is [String: Any].Type: "mapping"
    case is [Any].Type: "list"
    default: "value of type \(type)"
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    var path = keys.isEmpty ? "the document" : ""
    for key in keys {
      if let index = key.intValue {
        path += "[\(index)]"
      } else {
        path += (path.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return path
  }
}
