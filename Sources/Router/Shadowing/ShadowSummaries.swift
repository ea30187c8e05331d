import FoundationEssentials
import Routing
import Synchronization

/// What the comparisons of each shadow have come to since the process began, for the status of the source. Shared by all
/// workers.
final class ShadowSummaries: Sendable {
  /// As it stands in the status of a MetricsSource.
  struct Summary: Codable, Sendable, Equatable {
    /// The source that it is compared with.
    var of: String
    /// Requests that both answered, or refused alike: those that agreed and those that differed.
    var compared = 0
    var agreed = 0
    /// Items that only one of the two has are differences, too.
    var differed = 0
    /// Further requests, of which either gave no values.
    var failed = 0
    /// Of all values; a decimal fraction with four digits, rounded up.
    var maxRelativeDifference = "0.0000"
    /// RFC 3339; of what failed as well.
    var lastCompared: String?
  }

  private struct Entry {
    var summary: Summary
    var largest = 0.0
  }

  private struct Document: Encodable {
    var shadows: [String: Summary]
  }

  private let entries = Mutex<[String: Entry]>([:])

  func record(_ shadow: String, of source: String, _ comparison: Comparison, now: Date = .now) {
    let time = now.ISO8601Format()
    entries.withLock { entries in
      // Compared with another source than before: begun anew.
      var entry = entries[shadow].flatMap { $0.summary.of == source ? $0 : nil } ?? Entry(summary: Summary(of: source))
      switch comparison.result {
      case .agreed: entry.summary.agreed += 1
      case .differed, .missing: entry.summary.differed += 1
      case .primaryFailed, .shadowFailed, .bothFailed: entry.summary.failed += 1
      }
      entry.summary.compared = entry.summary.agreed + entry.summary.differed
      entry.largest = max(entry.largest, comparison.ratios.max() ?? 0)
      entry.summary.maxRelativeDifference = Self.fraction(entry.largest)
      entry.summary.lastCompared = time
      entries[shadow] = entry
    }
  }

  /// By the name of the shadow.
  var all: [String: Summary] { entries.withLock { $0.mapValues(\.summary) } }

  /// `{"shadows":{"<shadow>":{"of":"<source>","compared":1,…}}}`, and a newline.
  func json() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(Document(shadows: all)) else { return Array("{\"shadows\":{}}\n".utf8) }
    return Array(data) + [UInt8(ascii: "\n")]
  }

  /// Forgets the shadows that are none any more in `table`.
  func keepOnly(_ table: RoutingTable) {
    let pairs = Dictionary(
      table.sources.compactMap { source in source.shadowOf.map { (source.name, $0) } },
      uniquingKeysWith: { first, _ in first })
    entries.withLock { entries in entries = entries.filter { pairs[$0.key] == $0.value.summary.of } }
  }

  private static func fraction(_ ratio: Double) -> String {
    let parts = Int((min(ratio, 1000) * 10_000).rounded(.up))
    let digits = String(parts % 10_000)
    return "\(parts / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
