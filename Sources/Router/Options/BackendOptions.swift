import HTTP
import Options

/// How metrics sources are asked.
struct BackendOptions: Sendable {
  var access: BackendAccess
  /// Whether HTTP/2 is offered to them.
  var offersHTTP2: Bool
  /// Of one source in the whole process, where there are few event loops.
  var requestsInFlight: Int
  var connectTimeout: Duration
  var idleTimeout: Duration
  var responseBytes: Int
  var breaker: CircuitBreaker.Settings
  var chain: ChainSettings

  /// A caller keeps to one connection, and so to one event loop: each has this many places, however many there are.
  private static let placesPerWorker = 32

  /// The part of one of `workers` event loops: requests beyond it wait, as many again. `held` counts what they receive.
  func limits(workers: Int, held: HeldBytes?) -> ConnectionPool.Limits {
    var limits = ConnectionPool.Limits()
    let places = requestsInFlight / 2
    limits.requests = max(min(places, Self.placesPerWorker), places / workers)
    limits.waiting = limits.requests
    limits.connectTimeout = connectTimeout
    limits.idleLifetime = idleTimeout
    limits.bodyBytes = responseBytes
    limits.held = held
    return limits
  }

  static func declare(_ flags: inout FlagSet) -> (ParsedFlags) -> BackendOptions {
    let access = BackendAccess.declare(&flags)
    let http2 = flags.bool(
      "backend-http2", default: true, "Speak HTTP/2 to sources that offer it; false keeps to HTTP/1.1.")
    let inFlight = flags.integer(
      "backend-max-requests-inflight", default: 256, in: 2...100_000,
      "Requests to one source at once, half of them waiting; more are answered 503, so that a slow source is not all that"
        + " the server is busy with. Divided among the workers, of which each has \(2 * placesPerWorker) places at least."
    )
    let connect = flags.duration(
      "backend-connect-timeout", default: .seconds(2), in: .milliseconds(10) ... .seconds(60),
      "How long connecting to a source may take; the whole request takes the source's timeoutSeconds at most.")
    let idle = flags.duration(
      "backend-idle-timeout", default: .seconds(60), in: .seconds(1) ... .seconds(3600),
      "How long an unused connection to a source is kept.")
    let bytes = flags.integer(
      "backend-max-response-bytes", default: 16 * 1024 * 1024, in: 1024...1_073_741_824,
      "The largest answer of a source.")
    let failures = flags.integer(
      "backend-breaker-failures", default: 5, in: 0...1000,
      "Failures in a row (no answer, or 502 to 504) after which a source is not asked for a while; 0 never.")
    let pause = flags.duration(
      "backend-breaker-pause", default: .seconds(5), in: .milliseconds(100) ... .seconds(600),
      "How long it is not asked then, before one request tries again; doubled each time that fails, up to 30s.")
    let request = flags.duration(
      "request-timeout", default: .seconds(60), in: .seconds(1) ... .seconds(600),
      "How long a request may take with all the sources that it falls through to; each takes its own timeoutSeconds at"
        + " most.")
    let unknown = flags.duration(
      "unknown-metric-ttl", default: .seconds(30), in: .zero ... .seconds(3600),
      "How long a source that falls through on NotFound is not asked again for what it did not know, while another one"
        + " answers; forgotten when the routing table changes; 0 asks each time.")
    let coalesces = flags.bool(
      "backend-coalesce-requests", default: true,
      "Ask a source once for what several callers of one worker ask for at the same time.")
    return { parsed in
      BackendOptions(
        access: access(parsed), offersHTTP2: parsed[http2],
        requestsInFlight: parsed[inFlight], connectTimeout: parsed[connect], idleTimeout: parsed[idle],
        responseBytes: parsed[bytes],
        breaker: CircuitBreaker.Settings(
          failures: parsed[failures], pause: parsed[pause], longest: max(parsed[pause], .seconds(30))),
        chain: ChainSettings(
          requestTimeout: parsed[request], unknownMetricLifetime: parsed[unknown], coalesces: parsed[coalesces]))
    }
  }
}
