import Options

/// Bounds on what callers may ask of the server, so that none of them can take it from the others.
struct LimitOptions: Sendable {
  /// Requests under way in the whole process, those of the health paths aside; 0 for no bound.
  var requestsInFlight: Int
  /// Open connections in the whole process; 0 for as many as descriptors allow.
  var connections: Int
  var headerBytes: Int
  var handshakeTimeout: Duration
  var headerTimeout: Duration
  var idleTimeout: Duration
  var writeTimeout: Duration

  static func declare(_ flags: inout FlagSet) -> (ParsedFlags) -> LimitOptions {
    let seconds = Duration.seconds(1) ... .seconds(3600)
    let inFlight = flags.integer(
      "max-requests-inflight", default: 1000, in: 0...1_000_000,
      "Requests under way at once; more are answered 429 with Retry-After. 0 sets no bound. Health is exempt.")
    let connections = flags.integer(
      "max-connections", default: 0, in: 0...1_000_000,
      "Connections open at once; more are closed. 0 takes 10000, or three quarters of the descriptors allowed.")
    let header = flags.integer(
      "max-header-bytes", default: 64 * 1024, in: 1024...1_048_576, "The largest head of a request.")
    let handshake = flags.duration(
      "tls-handshake-timeout", default: .seconds(10), in: seconds, "How long securing a connection may take.")
    let read = flags.duration(
      "read-header-timeout", default: .seconds(10), in: seconds, "How long the head of a request may take to arrive.")
    let idle = flags.duration(
      "idle-timeout", default: .seconds(90), in: seconds, "How long a connection may stay open without a request.")
    let write = flags.duration(
      "write-timeout", default: .seconds(30), in: seconds, "How long a caller may take to read an answer.")
    return { parsed in
      LimitOptions(
        requestsInFlight: parsed[inFlight], connections: parsed[connections], headerBytes: parsed[header],
        handshakeTimeout: parsed[handshake], headerTimeout: parsed[read], idleTimeout: parsed[idle],
        writeTimeout: parsed[write])
    }
  }
}
