import FoundationEssentials
import Kubernetes
import Options
import Telemetry

/// Asks the server beside this controller, again and again, what came of comparing sources with those that they shadow.
/// Only while there are such sources; a server that does not answer is no reason to change anything.
struct ShadowWatch: Sendable {
  /// What the server says of each source that shadows another, by name.
  typealias Summaries = [String: MetricsSourceStatus.Shadow]

  /// Also how often a status changes for it at most.
  static let interval = Duration.seconds(30)
  private static let timeout = Duration.seconds(5)
  private static let maximumBytes = 1 << 20

  /// `http://127.0.0.1:8083/debug/shadow`
  let url: String
  let transport: CurlTransport
  let userAgent: String
  let logger: Logger

  /// What keeps the summaries from being read.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private struct Document: Decodable {
    var shadows: Summaries
  }

  /// Nil where `address` is `0`.
  init?(_ address: BindAddress, transport: CurlTransport, userAgent: String, logger: Logger) {
    guard case .at(let address) = address else { return nil }
    let host = address.host.isEmpty ? "127.0.0.1" : address.host.contains(":") ? "[\(address.host)]" : address.host
    url = "http://\(host):\(address.port)/debug/shadow"
    self.transport = transport
    self.userAgent = userAgent
    self.logger = logger
  }

  /// Runs until its task is cancelled. `isWanted` says whether any source shadows another; `tell` takes what is found.
  func run(
    every interval: Duration = interval, isWanted: () async -> Bool, tell: (Summaries) async -> Void
  ) async {
    var hasFailed = false
    while !Task.isCancelled {
      if await isWanted() {
        do throws(Failure) {
          await tell(try await summaries())
          hasFailed = false
        } catch {
          if !Task.isCancelled { note(error, isFirst: !hasFailed) }
          hasFailed = true
        }
      }
      try? await Task.sleep(for: interval)
    }
  }

  func summaries() async throws(Failure) -> Summaries {
    let request = CurlRequest(
      "GET", url, headers: [.init("User-Agent", userAgent), .init("Accept", "application/json")],
      connectTimeout: Self.timeout, timeout: Self.timeout, maximumBodyBytes: Self.maximumBytes)
    let response: CurlResponse
    do throws(TransportError) {
      response = try await transport.send(request)
    } catch {
      throw Failure(description: "\(error)")
    }
    guard response.status == 200 else { throw Failure(description: "\(url) answered \(response.status)") }
    guard let document = try? JSONDecoder().decode(Document.self, from: Data(response.body)) else {
      throw Failure(description: "\(url) answered with what is no summary of shadows")
    }
    return document.shadows
  }

  /// The server starts later, or is restarted: said once, until it has answered again.
  private func note(_ failure: Failure, isFirst: Bool) {
    let advice = "set --server-status-address to where the server has --status-bind-address, or to 0"
    if isFirst {
      logger.warning(
        "the status of sources does not tell how they compare with those that they shadow: \(failure); \(advice)")
    } else {
      logger.info("comparisons with shadowed sources are not known: \(failure)", v: 2)
    }
  }
}
