import AdapterProfiles
import Options

/// The flags that make `sample-adapter` behave as a real one. Without `--profile` the others of them do nothing.
struct ProfileFlags {
  private let profile: Flag<String?>
  private let valueBase: Flag<Int>
  private let latency: Flag<Int?>
  private let conditions: Flag<[String]>
  private let tokenWithoutRights: Flag<String?>

  init(_ flags: inout FlagSet) {
    let names = AdapterProfile.allCases.map(\.rawValue).joined(separator: "|")
    profile = flags.string(
      "profile", placeholder: names,
      "The adapter to behave as. --custom then takes [namespace/]resource/metric and --external takes "
        + "[namespace/[scaledobject/]]metric, each with {label=value,...} and =quantity where wanted.")
    valueBase = flags.integer(
      "value-base", default: 1, in: 0...1_000_000,
      "The value of metrics without one of their own, for the first object; the next has one more.")
    latency = flags.integer(
      "latency", in: 0...60_000, "Milliseconds before every answer; as the real adapter's by default.")
    conditions = flags.strings(
      "condition", placeholder: "metric=condition",
      "What a metric's series are at the start: active, idle, unlisted or empty. Repeatable. Changed later by "
        + "POST /profile?metric=M&condition=C; POST /profile?down=true takes the adapter's own backend away.")
    tokenWithoutRights = flags.string(
      "token-without-rights", "A bearer token that is known and may read no metric; only with --token.")
  }

  /// Nil without `--profile`.
  func state(
    _ parsed: ParsedFlags, custom: [String], external: [String], objects: [String], token: String?
  ) throws(OptionsError) -> ProfileState? {
    guard let name = parsed[profile] else { return nil }
    guard let profile = AdapterProfile(rawValue: name) else {
      let names = AdapterProfile.allCases.map(\.rawValue).joined(separator: ", ")
      throw .invalidValue(name, origin: "--profile", expected: "one of " + names)
    }
    var stock = MetricStock()
    for text in custom {
      guard let series = MetricStock.custom(text) else {
        throw .invalidValue(text, origin: "--custom", expected: "[namespace/]resource/metric[{labels}][=quantity]")
      }
      stock.custom.append(series)
    }
    for text in external {
      guard let series = MetricStock.external(text) else {
        throw .invalidValue(
          text, origin: "--external", expected: "[namespace/[scaledobject/]]metric[{labels}][=quantity]")
      }
      stock.external.append(series)
    }
    for text in parsed[conditions] {
      guard let equals = text.lastIndex(of: "="),
        let condition = MetricStock.Condition(rawValue: String(text[text.index(after: equals)...]))
      else { throw .invalidValue(text, origin: "--condition", expected: "metric=active|idle|unlisted|empty") }
      stock.conditions[String(text[..<equals])] = condition
    }
    stock.objects = objects
    stock.valueBase = parsed[valueBase]
    return ProfileState(
      profile, stock: stock,
      access: AdapterAccess(token: token, tokenWithoutRights: parsed[tokenWithoutRights]),
      latency: parsed[latency].map { .milliseconds($0) })
  }
}
