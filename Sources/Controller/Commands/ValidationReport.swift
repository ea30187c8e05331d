import Routing
import YAML

/// What `validate` says of files: for each MetricsSource what the controller's condition would say, and what only shows
/// with all of them side by side.
struct ValidationReport: Sendable {
  /// A file by its name as it was given, or why it could not be read.
  struct File: Sendable {
    var name: String
    var content: Result<[UInt8], ValidationFailure>
  }

  private(set) var lines: [String] = []
  private(set) var hasProblems = false

  init(_ files: [File], group: String) {
    let found = files.map { ($0.name, manifests($0, group: group)) }
    let sources = found.flatMap { file, manifests in
      manifests.compactMap { manifest in
        if case .source(let source) = manifest { (file: file, source: source) } else { nil }
      }
    }
    var seen: [String: String] = [:]
    for (file, manifests) in found {
      for manifest in manifests {
        switch manifest {
        case .other(let words): lines.append("\(file): note: \(words) is no MetricsSource, and passed over")
        case .unusable(let name, let problem): report("\(file): MetricsSource \(name ?? "(without a name)")", [problem])
        case .source(let source):
          let subject = "\(file): MetricsSource \(source.name)"
          report(subject, Self.problems(source, firstIn: seen[source.name]))
          seen[source.name] = seen[source.name] ?? file
          for note in Self.notes(source, among: sources) { lines.append("\(subject): note: \(note)") }
        }
      }
    }
  }

  private static func problems(_ source: MetricsSource, firstIn file: String?) -> [String] {
    var problems = source.problems
    if let file {
      problems.append("metadata.name: \(source.name): \(file) has one of this name too; the last one applied counts")
    }
    return problems
  }

  private mutating func manifests(_ file: File, group: String) -> [SourceManifest] {
    let problem: String
    switch file.content {
    case .failure(let failure): problem = failure.description
    case .success(let bytes):
      do throws(YAMLError) {
        let manifests = try SourceManifest.all(bytes, group: group)
        if manifests.isEmpty { lines.append("\(file.name): note: there is nothing in it") }
        return manifests
      } catch {
        problem = "\(error)"
      }
    }
    hasProblems = true
    lines.append("\(file.name): \(problem)")
    return []
  }

  private mutating func report(_ subject: String, _ problems: [String]) {
    if problems.isEmpty { lines.append("\(subject): ok") }
    for problem in problems { lines.append("\(subject): \(problem)") }
    if !problems.isEmpty { hasProblems = true }
  }

  /// What may be meant, and is right or wrong only with what else is in the cluster.
  private static func notes(_ source: MetricsSource, among sources: [(file: String, source: MetricsSource)]) -> [String]
  {
    guard source.malformed == nil else { return [] }
    var notes: [String] = []
    if let shadowed = source.spec.shadowOf, shadowed != source.name,
      !sources.contains(where: { $0.source.name == shadowed })
    {
      notes.append("spec.shadowOf: \(shadowed): none of these files has it; it may be in the cluster")
    }
    let equals = sources.map(\.source).filter { other in
      other.name != source.name && other.malformed == nil && other.spec.priority == source.spec.priority
        && other.spec.metricTypes.contains(where: source.spec.metricTypes.contains)
    }
    if !equals.isEmpty {
      let names = equals.map(\.name).sorted().joined(separator: ", ")
      notes.append(
        "spec.priority: \(source.spec.priority): \(names) has the same; of those that have a metric, the first by name"
          + " answers")
    }
    return notes
  }
}

/// Why a file could not be read.
struct ValidationFailure: Error, Sendable, Equatable, CustomStringConvertible {
  var description: String
}
