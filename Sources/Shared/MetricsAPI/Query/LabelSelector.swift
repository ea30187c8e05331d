/// A label selector in the grammar of `labels.Parse` (k8s.io/apimachinery `pkg/labels/selector.go`).
package struct LabelSelector: Hashable, Sendable {
  package enum Operator: String, Hashable, Sendable {
    case `in` = "in"
    case notIn = "notin"
    case equals = "="
    case doubleEquals = "=="
    case notEquals = "!="
    case exists = "exists"
    case doesNotExist = "!"
    case greaterThan = "gt"
    case lessThan = "lt"
  }

  package struct Requirement: Hashable, Sendable {
    package var key: String
    package var `operator`: Operator
    /// Sorted and without repetition; empty for `exists` and `doesNotExist`.
    package var values: [String]

    package init(key: String, operator: Operator, values: [String] = []) {
      self.key = key
      self.operator = `operator`
      self.values = values
    }
  }

  /// All of them must hold, in the order in which they were written.
  package var requirements: [Requirement]

  package init(requirements: [Requirement] = []) {
    self.requirements = requirements
  }
}
