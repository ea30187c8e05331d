import Routing

/// What `/debug/status` says of the server and its sources.
struct StatusReport: Encodable {
  struct Table: Encodable {
    var generation: UInt64
    /// Since it was loaded.
    var ageSeconds: Double
    var sources: Int
    var metrics: Int
    /// Claims that look at the namespace or the selector of a request: no table of metrics can show what they decide.
    var conditionalClaims: Int
  }

  var version: String
  var workers: Int
  /// Nil until one is loaded.
  var table: Table?
  /// Tables that were read and not used since the process began.
  var rejectedTables: UInt64
  var slotSeconds = HistoryRing.slotSeconds
  /// How many sources there are in each state, of all.
  var states: [String: Int]
  /// How many sources match, of which ``sources`` are some.
  var matches: Int
  var sources: [SourceReport]
}

/// What it says of one source.
struct SourceReport: Encodable {
  var name: String
  var state: SourceState
  var priority: Int
  var metricTypes: [MetricsSourceSpec.MetricType]
  /// `<namespace>/<name>`
  var service: String
  /// `https://<host>:<port>`
  var backend: String
  var sendsToken: Bool
  /// Takes any certificate.
  var skipsVerification: Bool
  var timeoutSeconds: Int
  /// Metrics that it lists.
  var listed: Int
  /// Metrics that it listed a short while ago.
  var retained: Int
  var claims: [String]
  var fallThrough: [FallThrough]
  var isStale: Bool
  /// Workers that do not ask it for a while.
  var breakersOpen: Int
  var connections: Int
  var shadowOf: String?
  var shadow: ShadowSummaries.Summary?
  /// Of the last ten minutes, as far as the process has lived.
  var requests: Int
  var errors: Int
  var meanMilliseconds: Double?
  /// Means, slot by slot, the oldest first; nil for slots in which it was not asked. Empty where it never was.
  var latency: [Double?]
  /// From 0 to 1, likewise.
  var errorRates: [Double?]
  /// Requests that it did not answer since the process began, by reason.
  var failures: [String: UInt64]
}
