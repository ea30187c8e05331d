package import MetricsAPI

/// What a claim wants a request's selector to carry: `key`, or `key=value`.
package struct SelectorKey: Hashable, Sendable, CustomStringConvertible {
  package let key: String
  /// Nil for any.
  package let value: String?

  /// Cuts `text` at its first `=`.
  package init(_ text: String) {
    if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
      key = String(text[..<equals])
      value = String(text[text.utf8.index(after: equals)...])
    } else {
      key = text
      value = nil
    }
  }

  package var description: String { value.map { "\(key)=\($0)" } ?? key }

  package static func == (left: SelectorKey, right: SelectorKey) -> Bool {
    left.key.hasSameBytes(as: right.key) && (left.value == nil) == (right.value == nil)
      && (left.value ?? "").hasSameBytes(as: right.value ?? "")
  }

  /// Whether `selector` says that the label is there, and, where a value is wanted, that it has this one and no other.
  package func isCarried(by selector: LabelSelector) -> Bool {
    selector.requirements.contains { requirement in
      guard requirement.key.hasSameBytes(as: key) else { return false }
      switch requirement.operator {
      case .exists: return value == nil
      case .equals, .doubleEquals, .in:
        guard let value else { return true }
        return requirement.values.count == 1 && requirement.values[0].hasSameBytes(as: value)
      case .notIn, .notEquals, .doesNotExist, .greaterThan, .lessThan: return false
      }
    }
  }

  /// What is wrong with it; nil where nothing is.
  package var problem: String? {
    let text = value.map { "\(key)=\($0)" } ?? key
    do throws(SelectorError) {
      let parsed = try LabelSelector.parse(text)
      let expected = LabelSelector.Requirement(
        key: key, operator: value == nil ? .exists : .equals, values: value.map { [$0] } ?? [])
      return parsed.requirements == [expected] ? nil : "write a label's key, or key=value"
    } catch {
      return "write a label's key, or key=value: \(error)"
    }
  }
}

extension SelectorKey: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
