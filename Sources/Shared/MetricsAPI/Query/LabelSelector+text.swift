extension LabelSelector: CustomStringConvertible {
  /// The selector as text that ``parse(_:)`` reads as the same one, as `Selector.String` of k8s.io/apimachinery writes it.
  package var description: String { requirements.map(\.description).joined(separator: ",") }
}

extension LabelSelector.Requirement: CustomStringConvertible {
  package var description: String {
    switch self.operator {
    case .exists: key
    case .doesNotExist: "!\(key)"
    case .in: "\(key) in (\(values.joined(separator: ",")))"
    case .notIn: "\(key) notin (\(values.joined(separator: ",")))"
    case .equals: "\(key)=\(values.first ?? "")"
    case .doubleEquals: "\(key)==\(values.first ?? "")"
    case .notEquals: "\(key)!=\(values.first ?? "")"
    case .greaterThan: "\(key)>\(values.first ?? "")"
    case .lessThan: "\(key)<\(values.first ?? "")"
    }
  }
}
