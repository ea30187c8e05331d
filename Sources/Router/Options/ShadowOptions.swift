import HTTP
import Options

/// The flags of ``ShadowSettings``.
enum ShadowOptions {
  static func declare(_ flags: inout FlagSet) -> (ParsedFlags) -> ShadowSettings {
    let defaults = ShadowSettings()
    let rate = flags.integer(
      "shadow-rate", default: defaults.rate, in: 0...1000,
      "Requests in a second that a source with shadowOf gets of those to the source that it shadows; more are not sent to"
        + " it. 0 turns shadows off.")
    let inFlight = flags.integer(
      "shadow-max-inflight", default: defaults.inFlight, in: 1...1000,
      "Requests to all such sources at once; more are not sent.")
    let tolerance = flags.value(
      "shadow-tolerance", type: .ratio, default: defaults.tolerance,
      "Up to which relative difference two values agree: 0.01 is one percent of the larger one.")
    return { parsed in
      ShadowSettings(rate: parsed[rate], inFlight: parsed[inFlight], tolerance: parsed[tolerance])
    }
  }
}

extension ValueType where Value == Double {
  fileprivate static let ratio = ValueType(
    placeholder: "ratio", expectation: "a number from 0 to 1, such as 0.01",
    parse: { text in Double(text).flatMap { (0...1).contains($0) ? $0 : nil } }, format: { "\($0)" })
}

extension RouterOptions {
  /// Of the connections to one shadow on one event loop; how many there are, ``ShadowGate`` sees to.
  var shadowLimits: ConnectionPool.Limits {
    var limits = ConnectionPool.Limits()
    limits.requests = shadows.inFlight
    limits.waiting = 0
    limits.connectTimeout = backends.connectTimeout
    limits.idleLifetime = backends.idleTimeout
    limits.bodyBytes = min(backends.responseBytes, ShadowSettings.maximumBody)
    return limits
  }
}
