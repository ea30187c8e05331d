/// How the values of a flag are read, shown and spoken of.
package struct ValueType<Value: Sendable>: Sendable {
  /// Stands for the value in the help: `int`, `duration`, `HOST:PORT`.
  package let placeholder: String
  /// Completes `invalid value "x" for --flag: expected …`.
  package let expectation: String
  /// Nil for what is not a value of this type.
  package let parse: @Sendable (String) -> Value?
  /// The inverse of `parse`, for defaults in the help.
  package let format: @Sendable (Value) -> String

  package init(
    placeholder: String, expectation: String, parse: @escaping @Sendable (String) -> Value?,
    format: @escaping @Sendable (Value) -> String
  ) {
    self.placeholder = placeholder
    self.expectation = expectation
    self.parse = parse
    self.format = format
  }
}

extension ValueType where Value == String {
  static func text(_ placeholder: String) -> Self {
    ValueType(placeholder: placeholder, expectation: "some text", parse: { $0 }, format: { $0 })
  }

  static let file = ValueType(
    placeholder: "file", expectation: "the path of a file", parse: { $0.isEmpty || $0.contains("\0") ? nil : $0 },
    format: { $0 })
}

extension ValueType where Value == Int {
  static func integer(in bounds: ClosedRange<Int>) -> Self {
    let expectation =
      switch (bounds.lowerBound, bounds.upperBound) {
      case (.min, .max): "an integer"
      case (let least, .max): "an integer, at least \(least)"
      case (let least, let most): "an integer from \(least) to \(most)"
      }
    return ValueType(
      placeholder: "int", expectation: expectation,
      parse: { text in Int(text).flatMap { bounds.contains($0) ? $0 : nil } }, format: { "\($0)" })
  }
}

extension ValueType where Value == Bool {
  /// The spellings of Go's `strconv.ParseBool`, which every Kubernetes component takes.
  static let bool = ValueType(
    placeholder: "", expectation: "true or false",
    parse: { text in
      switch text {
      case "true", "True", "TRUE", "t", "T", "1": true
      case "false", "False", "FALSE", "f", "F", "0": false
      default: nil
      }
    }, format: { "\($0)" })
}

extension ValueType where Value == Duration {
  static func duration(in bounds: ClosedRange<Duration>?) -> Self {
    var expectation = "a duration such as 200ms, 5m or 1m30s"
    if let bounds {
      expectation += ", from \(GoDuration.format(bounds.lowerBound)) to \(GoDuration.format(bounds.upperBound))"
    }
    return ValueType(
      placeholder: "duration", expectation: expectation,
      parse: { text in
        GoDuration.parse(text).flatMap { value in bounds?.contains(value) == false ? nil : value }
      }, format: GoDuration.format)
  }
}

extension ValueType where Value == Address {
  static let address = ValueType(
    placeholder: "host:port", expectation: "host:port, [IPv6]:port or :port", parse: { Address($0) },
    format: { $0.description })
}

extension ValueType where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of the cases, by its raw value.
  static var choice: Self {
    let names = Value.allCases.map(\.rawValue)
    return ValueType(
      placeholder: names.joined(separator: "|"), expectation: "one of " + names.joined(separator: ", "),
      parse: { Value(rawValue: $0) }, format: { $0.rawValue })
  }
}
