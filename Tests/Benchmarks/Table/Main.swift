import Foundation
import Glibc
import Options

/// How a routing table grows: `table-benchmark --metrics N --sources M [--claims K]` prints one line of JSON.
///
/// What the controller does happens in a process of its own, so that this one holds no more than the server would.
@main enum TableBenchmark {
  static func main() throws {
    var flags = FlagSet(
      program: "table-benchmark", version: "1.0",
      summary: "Measures a routing table of many metrics: its memory, its look-ups, and the ways to it.")
    let metrics = flags.integer(
      "metrics", default: 1_000, in: 0...10_000_000, "Different metrics, spread evenly over the sources.")
    let sources = flags.integer("sources", default: 10, in: 1...100_000, "Sources of metrics.")
    let claims = flags.integer("claims", default: 0, in: 0...100_000, "How many of the sources have a claim too.")
    let output = flags.string(
      "write", default: "", placeholder: "file",
      "Writes the snapshot to this file, and prints how many seconds it took.")
    let arguments = Array(CommandLine.arguments.dropFirst())
    let parsed: ParsedFlags
    do throws(OptionsError) {
      parsed = try flags.parse(arguments)
    } catch {
      Console.error("table-benchmark: \(error)\n")
      exit(OptionsError.exitCode)
    }
    if let answer = parsed.answer { return Console.output(answer) }
    let sample = SampleTable(
      metricCount: parsed[metrics], sourceCount: parsed[sources], claimCount: min(parsed[claims], parsed[sources]))
    if !parsed[output].isEmpty {
      Console.output("\(try SnapshotFile.write(sample, to: parsed[output]))\n")
      return
    }
    let file = NSTemporaryDirectory() + "/table-benchmark-\(getpid()).json"
    defer { unlink(file) }
    let writeSeconds = try SnapshotFile.writeApart(arguments + ["--write", file])
    let figures = try TableFigures(sample, readFrom: file, writeSeconds: writeSeconds)
    Console.output(figures.json + "\n")
  }
}
