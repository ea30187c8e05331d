import Options
import Telemetry

/// What the server tells of itself, and where.
struct TelemetryOptions: Sendable {
  /// The secure port shows the same to whoever may `get /metrics`.
  var metricsAddress: BindAddress
  /// Whoever reaches it has sources asked with the router's own rights.
  var statusAddress: BindAddress
  var loggingFormat: LogFormat
  var verbosity: Int

  static func declare(_ flags: inout FlagSet) -> (ParsedFlags) -> TelemetryOptions {
    let metrics = flags.value(
      "metrics-bind-address", type: .bindAddress, default: .at(Address(host: "127.0.0.1", port: 8082)),
      "Where /metrics is served, by HTTP and to everybody; 0 for nowhere.")
    let status = flags.value(
      "status-bind-address", type: .bindAddress, default: .at(Address(host: "127.0.0.1", port: 8083)),
      "Where the status page, /debug/explain and others are served, by HTTP and to everybody who reaches it: keep it on the loopback; 0 for nowhere."
    )
    let format = flags.choice("logging-format", default: LogFormat.text, "How log lines are written.")
    let verbosity = flags.integer(
      "v", default: 0, in: 0...10, "Log level: 2 adds a line for each request, 4 and above are for debugging.")
    return { parsed in
      TelemetryOptions(
        metricsAddress: parsed[metrics], statusAddress: parsed[status], loggingFormat: parsed[format],
        verbosity: parsed[verbosity])
    }
  }
}
