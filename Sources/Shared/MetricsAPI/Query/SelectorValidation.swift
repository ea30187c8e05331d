/// What keys and values of a label selector may hold (k8s.io/apimachinery `pkg/util/validation`).
enum SelectorValidation {
  private static let nameRule =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
    + " (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is"
    + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

  private static let prefixRule =
    "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.',"
    + " and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is"
    + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

  private static let valueRule =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and"
    + " end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is"
    + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

  /// A qualified name: `name` or `prefix/name`.
  static func key(_ key: String, path: String) throws(SelectorError) {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    var problems: [String] = []
    if parts.count > 2 {
      problems.append(
        "a qualified name \(nameRule) with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")
    } else {
      if parts.count == 2 { problems += prefixProblems(parts[0]) }
      problems += nameProblems(parts[parts.count - 1])
    }
    if !problems.isEmpty { throw invalid(path, "\"\(key)\"", problems.joined(separator: "; ")) }
  }

  static func values(of requirement: LabelSelector.Requirement) throws(SelectorError) {
    switch requirement.operator {
    case .in, .notIn:
      if requirement.values.isEmpty {
        throw invalid("values", "[]string{}", "for 'in', 'notin' operators, values set can't be empty")
      }
    case .greaterThan, .lessThan:
      for value in requirement.values where Int64(value) == nil {
        throw invalid("values[0]", "\"\(value)\"", "for 'Gt', 'Lt' operators, the value must be an integer")
      }
    default: break
    }
    for (index, value) in requirement.values.enumerated() {
      var problems: [String] = []
      if value.utf8.count > 63 { problems.append("must be no more than 63 characters") }
      if !value.isEmpty, !isName(value[...]) { problems.append(valueRule) }
      if !problems.isEmpty {
        throw invalid("values[\(index)][\(requirement.key)]", "\"\(value)\"", problems.joined(separator: "; "))
      }
    }
  }

  private static func prefixProblems(_ prefix: Substring) -> [String] {
    if prefix.isEmpty { return ["prefix part must be non-empty"] }
    var problems: [String] = []
    if prefix.utf8.count > 253 { problems.append("prefix part must be no more than 253 characters") }
    let labels = prefix.split(separator: ".", omittingEmptySubsequences: false)
    let isSubdomain = labels.allSatisfy { label in
      isName(label) && label.utf8.allSatisfy { isLowercaseOrDigit($0) || $0 == UInt8(ascii: "-") }
    }
    if !isSubdomain { problems.append(prefixRule) }
    return problems
  }

  private static func nameProblems(_ name: Substring) -> [String] {
    var problems: [String] = []
    if name.isEmpty { problems.append("name part must be non-empty") }
    if name.utf8.count > 63 { problems.append("name part must be no more than 63 characters") }
    if !isName(name) { problems.append("name part " + nameRule) }
    return problems
  }

  private static func isName(_ name: Substring) -> Bool {
    guard let first = name.utf8.first, let last = name.utf8.last, isAlphanumeric(first), isAlphanumeric(last) else {
      return false
    }
    return name.utf8.allSatisfy { byte in
      isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLowercaseOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }

  private static func isLowercaseOrDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func invalid(_ path: String, _ value: String, _ problem: String) -> SelectorError {
    SelectorError("\(path): Invalid value: \(value): \(problem)")
  }
}
