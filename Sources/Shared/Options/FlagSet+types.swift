/// Each of these takes the same: the name without dashes, one letter for short, the variable of the environment that
/// stands in when the flag is not given, and a help text. A flag without a default has an optional value.
extension FlagSet {
  package mutating func value<Value>(
    _ name: String, short: Character? = nil, type: ValueType<Value>, default fallback: Value,
    environment: String? = nil,
    _ help: String
  ) -> Flag<Value> {
    declare(
      name, short: short, arity: .single, type: type, defaultText: type.format(fallback), environment: environment,
      help: help
    ) { _, text in type.parse(text) }
    return Flag(name: name, fallback: fallback)
  }

  package mutating func value<Value>(
    _ name: String, short: Character? = nil, type: ValueType<Value>, environment: String? = nil, _ help: String
  ) -> Flag<Value?> {
    declare(name, short: short, arity: .single, type: type, defaultText: nil, environment: environment, help: help) {
      _, text in type.parse(text)
    }
    return Flag(name: name, fallback: nil)
  }

  /// A flag that may be given several times; its values are kept in their order.
  package mutating func values<Value>(
    _ name: String, short: Character? = nil, type: ValueType<Value>, _ help: String
  ) -> Flag<[Value]> {
    declare(name, short: short, arity: .list, type: type, defaultText: nil, environment: nil, help: help) {
      soFar, text in
      type.parse(text).map { (soFar as? [Value] ?? []) + [$0] }
    }
    return Flag(name: name, fallback: [])
  }

  /// `--flag`, `--flag=true`, `--flag=false`; never takes the next word.
  package mutating func bool(
    _ name: String, short: Character? = nil, default fallback: Bool = false, environment: String? = nil, _ help: String
  ) -> Flag<Bool> {
    declare(
      name, short: short, arity: .toggle, type: .bool, defaultText: fallback ? "true" : nil, environment: environment,
      help: help
    ) { _, text in ValueType.bool.parse(text) }
    return Flag(name: name, fallback: fallback)
  }

  package mutating func integer(
    _ name: String, short: Character? = nil, default fallback: Int, in bounds: ClosedRange<Int> = .min ... .max,
    environment: String? = nil, _ help: String
  ) -> Flag<Int> {
    value(name, short: short, type: .integer(in: bounds), default: fallback, environment: environment, help)
  }

  package mutating func integer(
    _ name: String, short: Character? = nil, in bounds: ClosedRange<Int> = .min ... .max, environment: String? = nil,
    _ help: String
  ) -> Flag<Int?> {
    value(name, short: short, type: .integer(in: bounds), environment: environment, help)
  }

  package mutating func string(
    _ name: String, short: Character? = nil, default fallback: String, placeholder: String = "string",
    environment: String? = nil, _ help: String
  ) -> Flag<String> {
    value(name, short: short, type: .text(placeholder), default: fallback, environment: environment, help)
  }

  package mutating func string(
    _ name: String, short: Character? = nil, placeholder: String = "string", environment: String? = nil, _ help: String
  ) -> Flag<String?> {
    value(name, short: short, type: .text(placeholder), environment: environment, help)
  }

  package mutating func strings(
    _ name: String, short: Character? = nil, placeholder: String = "string", _ help: String
  ) -> Flag<[String]> {
    values(name, short: short, type: .text(placeholder), help)
  }

  /// In Go's syntax: `5m`, `1m30s`, `200ms`.
  package mutating func duration(
    _ name: String, default fallback: Duration, in bounds: ClosedRange<Duration>? = nil, environment: String? = nil,
    _ help: String
  ) -> Flag<Duration> {
    value(name, type: .duration(in: bounds), default: fallback, environment: environment, help)
  }

  /// The cases of an enumeration, by raw value.
  package mutating func choice<Choice>(
    _ name: String, short: Character? = nil, default fallback: Choice, environment: String? = nil, _ help: String
  ) -> Flag<Choice> where Choice: RawRepresentable<String> & CaseIterable & Sendable {
    value(name, short: short, type: .choice, default: fallback, environment: environment, help)
  }

  /// A path, not looked at here: whoever opens it says what is wrong with it.
  package mutating func file(
    _ name: String, short: Character? = nil, environment: String? = nil, _ help: String
  ) -> Flag<String?> {
    value(name, short: short, type: .file, environment: environment, help)
  }

  package mutating func file(
    _ name: String, short: Character? = nil, default fallback: String, environment: String? = nil, _ help: String
  ) -> Flag<String> {
    value(name, short: short, type: .file, default: fallback, environment: environment, help)
  }

  /// `host:port`, `[IPv6]:port` or `:port`.
  package mutating func address(
    _ name: String, default fallback: Address, environment: String? = nil, _ help: String
  ) -> Flag<Address> {
    value(name, type: .address, default: fallback, environment: environment, help)
  }

  package mutating func address(_ name: String, environment: String? = nil, _ help: String) -> Flag<Address?> {
    value(name, type: .address, environment: environment, help)
  }
}
