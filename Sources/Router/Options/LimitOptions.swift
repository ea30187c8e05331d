import Options

/// Bounds on what callers may ask of the server, so that none of them can take it from the others.
struct LimitOptions: Sendable {
  /// Requests under way in the whole process, those of the health paths aside; 0 for no bound.
  var requestsInFlight: Int
  /// Open connections in the whole process; 0 for as many as descriptors and memory allow.
  var connections: Int
  /// Bytes that answers may take, half of them on their way in; 0 for half of the container's memory.
  var answerMemory: Int
  var headerBytes: Int
  var handshakeTimeout: Duration
  var headerTimeout: Duration
  var idleTimeout: Duration
  var writeTimeout: Duration

  /// What a connection may take before anybody is known: TLS, and a head that is not whole.
  private static let connectionBytes = 32 << 10

  /// Connections in the whole process, of which descriptors allow `descriptors` and `memory` bytes are the container's.
  func maximumConnections(descriptors: Int, memory: Int?) -> Int {
    guard connections == 0 else { return connections }
    let fitting = memory.map { $0 / 4 / (Self.connectionBytes + headerBytes) } ?? .max
    return max(1, min(10_000, descriptors / 4 * 3, fitting))
  }

  /// For the answers that come in, and as much for those that go out, in bytes.
  func answerBytes(memory: Int?) -> Int {
    (answerMemory == 0 ? memory.map { $0 / 2 } ?? 1 << 30 : answerMemory) / 2
  }

  static func declare(_ flags: inout FlagSet) -> (ParsedFlags) -> LimitOptions {
    let seconds = Duration.seconds(1) ... .seconds(3600)
    let inFlight = flags.integer(
      "max-requests-inflight", default: 1000, in: 0...1_000_000,
      "Requests under way at once; more are answered 429 with Retry-After. 0 sets no bound. Health is exempt.")
    let connections = flags.integer(
      "max-connections", default: 0, in: 0...1_000_000,
      "Connections open at once; more are closed. 0 takes 10000, or three quarters of the descriptors allowed, or what fits"
        + " into a quarter of the container's memory.")
    let answers = flags.integer(
      "max-answer-memory", default: 0, in: 0...1 << 40,
      "Bytes that all answers may take at once: half for those that sources are sending, beyond which they are answered"
        + " 503, and half for those that callers have not read yet, beyond which they are answered 429. 0 takes half of"
        + " the container's memory, or 1 GiB where that has no limit.")
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
        requestsInFlight: parsed[inFlight], connections: parsed[connections], answerMemory: parsed[answers],
        headerBytes: parsed[header], handshakeTimeout: parsed[handshake], headerTimeout: parsed[read],
        idleTimeout: parsed[idle], writeTimeout: parsed[write])
    }
  }
}
