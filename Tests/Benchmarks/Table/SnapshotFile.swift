import Foundation
import Routing

/// The file between the controller and the server.
enum SnapshotFile {
  /// Encodes the sample and writes it; how many seconds both took.
  static func write(_ sample: SampleTable, to path: String) throws -> Double {
    let snapshot = Snapshot(
      generation: 1, writer: "table-benchmark", time: "2026-06-24T07:12:19Z", sources: sample.sources())
    let start = ContinuousClock.now
    try Data(snapshot.encode()).write(to: URL(filePath: path))
    return (ContinuousClock.now - start) / .seconds(1)
  }

  /// Has another process of this program write it.
  static func writeApart(_ arguments: [String]) throws -> Double {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: output, as: UTF8.self)
    guard process.terminationStatus == 0, let seconds = Double(text.trimmingCharacters(in: .newlines)) else {
      throw CocoaError(.fileWriteUnknown)
    }
    return seconds
  }
}
