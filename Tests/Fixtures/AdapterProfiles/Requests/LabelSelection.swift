/// A label selector as an adapter reads it, by a parser of its own: a test of the product must not lean on the product's.
/// Well-formed selectors only; what cannot be read is no requirement.
package struct LabelSelection: Sendable, Equatable {
  package struct Requirement: Sendable, Equatable {
    package var key: String
    /// `=`, `==`, `!=`, `in`, `notin`, `exists`, `!`.
    package var operation: String
    /// Sorted, as Go keeps them.
    package var values: [String] = []
  }

  /// By key, as `labels.Selector` keeps them.
  package var requirements: [Requirement]

  package init(_ text: String) {
    requirements = Self.pieces(text).compactMap(Self.requirement).sorted { $0.key < $1.key }
  }

  /// What `k=v` or `k==v` asks of `key`.
  package func value(of key: String) -> String? {
    requirements.first { $0.key == key && ($0.operation == "=" || $0.operation == "==") }?.values.first
  }

  func matches(_ labels: [String: String]) -> Bool {
    requirements.allSatisfy { requirement in
      let value = labels[requirement.key]
      return switch requirement.operation {
      case "exists": value != nil
      case "!": value == nil
      case "!=", "notin": value.map { !requirement.values.contains($0) } ?? true
      default: value.map { requirement.values.contains($0) } ?? false
      }
    }
  }

  private static func pieces(_ text: String) -> [Substring] {
    var depth = 0
    return text.split { character in
      if character == "(" { depth += 1 } else if character == ")" { depth -= 1 }
      return character == "," && depth == 0
    }
  }

  private static func requirement(_ piece: Substring) -> Requirement? {
    let words = piece.split(separator: " ", maxSplits: 1)
    if words.count == 2, let opening = words[1].firstIndex(of: "(") {
      let values = words[1][words[1].index(after: opening)...].split { ",) ".contains($0) }.map(String.init).sorted()
      return Requirement(key: String(words[0]), operation: words[1].hasPrefix("notin") ? "notin" : "in", values: values)
    }
    if piece.hasPrefix("!") { return Requirement(key: String(piece.dropFirst()), operation: "!") }
    for operation in ["!=", "==", "="] {
      guard let start = piece.indices.first(where: { piece[$0...].hasPrefix(operation) }) else { continue }
      let value = piece[piece.index(start, offsetBy: operation.count)...]
      return Requirement(key: String(piece[..<start]), operation: operation, values: [String(value)])
    }
    return piece.isEmpty ? nil : Requirement(key: String(piece), operation: "exists")
  }
}

extension LabelSelection: CustomStringConvertible {
  /// As Go's `labels.Selector.String()` says it.
  package var description: String {
    requirements.map { requirement in
      let values = requirement.values.joined(separator: ",")
      return switch requirement.operation {
      case "exists": requirement.key
      case "!": "!" + requirement.key
      case "in", "notin": "\(requirement.key) \(requirement.operation) (\(values))"
      default: requirement.key + requirement.operation + values
      }
    }
    .joined(separator: ",")
  }

  /// As `metav1.ParseToLabelSelector` writes it into an item; `null` where nothing is asked.
  var json: String {
    guard !requirements.isEmpty else { return "null" }
    var labels: [String] = []
    var expressions: [String] = []
    for requirement in requirements {
      let key = requirement.key.quoted
      let values = "[" + requirement.values.map(\.quoted).joined(separator: ",") + "]"
      switch requirement.operation {
      case "=", "==": labels.append("\(key):\((requirement.values.first ?? "").quoted)")
      case "in": expressions.append(#"{"key":\#(key),"operator":"In","values":\#(values)}"#)
      case "exists": expressions.append(#"{"key":\#(key),"operator":"Exists"}"#)
      case "!": expressions.append(#"{"key":\#(key),"operator":"DoesNotExist"}"#)
      default: expressions.append(#"{"key":\#(key),"operator":"NotIn","values":\#(values)}"#)
      }
    }
    let parts = [
      labels.isEmpty ? nil : #""matchLabels":{\#(labels.joined(separator: ","))}"#,
      expressions.isEmpty ? nil : #""matchExpressions":[\#(expressions.joined(separator: ","))]"#,
    ]
    return "{" + parts.compactMap { $0 }.joined(separator: ",") + "}"
  }
}
