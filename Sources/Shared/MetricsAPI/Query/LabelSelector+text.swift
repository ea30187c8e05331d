extension LabelSelector: CustomStringConvertible {
  /// The selector as text that ``parse(_:)`` reads as the same one, as `Selector.String` of k8s.io/apimachinery writes it.
  package var description: String { requirements.map(\.description).joined(separator: ",") }
}

extension LabelSelector.Requirement: CustomStringConvertible {
  package var description: String {
    switch self.operator {
    case .exists: key
    case .doesNotExist: "!\(key)"
    case .in: "\(key) in (\(set))"
    case .notIn: "\(key) notin (\(set))"
    case .equals: "\(key)=\(values.first ?? "")"
    case .doubleEquals: "\(key)==\(values.first ?? "")"
    case .notEquals: "\(key)!=\(values.first ?? "")"
    case .greaterThan: "\(key)>\(values.first ?? "")"
    case .lessThan: "\(key)<\(values.first ?? "")"
    }
  }
  /// The empty value alone needs a comma beside it: `()` cannot be read.
  private var set: String { values == [""] ? "," : values.joined(separator: ",") }
}
