/// How sources that shadow others are asked, and when their answers agree.
struct ShadowSettings: Sendable {
  /// In bytes, of an answer that is compared: thousands of values.
  static let maximumBody = 4 * 1024 * 1024

  /// Requests that a shadow gets in a second at most, in the whole process; 0 turns shadows off.
  var rate = 10
  /// Requests to all shadows that are under way at most, in the whole process.
  var inFlight = 8
  /// The largest relative difference of two values that agree.
  var tolerance = 0.01
}
