import EventLoop
import FoundationEssentials
import Routing
import Telemetry

/// Without an API server the status goes to the log, and to `status.json` beside the snapshot: what `kubectl get` would
/// show, as a list.
actor FileStatusReporter: StatusReporter {
  private struct Entry: Encodable {
    struct Metadata: Encodable {
      var name: String
    }

    var metadata: Metadata
    var spec: Spec
    var status: MetricsSourceStatus

    struct Spec: Encodable {
      var priority: Int
    }
  }

  private struct List: Encodable {
    var kind = "MetricsSourceList"
    var items: [Entry]
  }

  private let path: String
  private let logger: Logger
  private var entries: [String: Entry] = [:]

  init(path: String, logger: Logger) {
    self.path = path
    self.logger = logger
  }

  func report(_ status: MetricsSourceStatus, of source: MetricsSource) async throws(ReportError) {
    entries[source.name] = Entry(
      metadata: Entry.Metadata(name: source.name), spec: Entry.Spec(priority: source.spec.priority), status: status)
    let condition = status.conditions?.first
    logger.info(
      "status of \(source.name): synced \(status.synced == true), \(status.metricsCount ?? 0) metrics: \(condition?.message ?? "")"
    )
    try write()
  }

  func forget(_ name: String) async {
    entries[name] = nil
    do throws(ReportError) { try write() } catch { logger.error("\(error)") }
  }

  private func write() throws(ReportError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      let list = List(items: entries.values.sorted { $0.metadata.name < $1.metadata.name })
      try AtomicFile.write(Array(try encoder.encode(list)) + [UInt8(ascii: "\n")], to: path)
    } catch {
      throw ReportError(description: "cannot write \(path): \(error)")
    }
  }
}
