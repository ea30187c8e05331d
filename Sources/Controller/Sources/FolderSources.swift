import EventLoop
import FoundationEssentials
import Glibc
import Kubernetes
import YAML

/// The MetricsSources of a folder of manifests, for a machine without a cluster: every `.yaml`, `.yml` and `.json` in it,
/// several documents a file. A file that cannot be read keeps what it last said; a file that is gone takes its sources
/// with it.
struct FolderSources: SourceProvider {
  private static let interval = Duration.seconds(1)

  let folder: String
  let group: String
  let onTrouble: @Sendable (String) -> Void

  func events() -> AsyncStream<WatchEvent<MetricsSource>> {
    let (stream, continuation) = AsyncStream.makeStream(of: WatchEvent<MetricsSource>.self)
    let task = Task.detached {
      do throws(SystemError) {
        var manifests = FolderManifests(group: group)
        let watch = try DirectoryWatch(directory: folder, interval: Self.interval)
        var content: FolderContent?
        var trouble: String?
        for await _ in watch.changes {
          do {
            let found = try read()
            trouble = nil
            // Looked at every second; what did not change is not told again.
            guard found != content else { continue }
            content = found
            for (name, cause) in found.unreadable { onTrouble("\(name): \(cause); what it said before stays in force") }
            let kept = Set(found.unreadable.keys)
            continuation.yield(.replaced(manifests.update(found.files, keeping: kept, onTrouble: onTrouble)))
          } catch {
            // No reason to drop anything.
            let message = "cannot read the folder \(folder): \(error)"
            if message != trouble { onTrouble(message) }
            trouble = message
          }
        }
      } catch {
        onTrouble("\(error)")
      }
      continuation.finish()
    }
    continuation.onTermination = { _ in task.cancel() }
    return stream
  }

  private func read() throws -> FolderContent {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    var content = FolderContent()
    for name in names where [".yaml", ".yml", ".json"].contains(where: name.hasSuffix) && !name.hasPrefix(".") {
      do throws(SystemError) {
        content.files[name] = try FileContent.read("\(folder)/\(name)")
      } catch {
        // One that is gone since the folder was listed is gone, not unreadable.
        if error.code != ENOENT { content.unreadable[name] = "\(error)" }
      }
    }
    return content
  }
}

/// The manifests of a folder by file name, and why others could not be read.
private struct FolderContent: Equatable {
  var files: [String: [UInt8]] = [:]
  var unreadable: [String: String] = [:]
}

/// What the manifests of a folder say, apart from I/O. Generations count the changes of each spec, as an API server does.
struct FolderManifests {
  let group: String
  private var contents: [String: [UInt8]] = [:]
  private var parsed: [String: [MetricsSource]] = [:]
  private var generations: [String: (source: MetricsSource, generation: Int64)] = [:]

  init(group: String) { self.group = group }

  /// The sources of all files, by name. A file that is not among them is gone, unless it is to be kept.
  mutating func update(
    _ files: [String: [UInt8]], keeping kept: Set<String> = [], onTrouble: (String) -> Void
  ) -> [MetricsSource] {
    for name in contents.keys where files[name] == nil && !kept.contains(name) {
      contents[name] = nil
      parsed[name] = nil
    }
    // An empty file is about to be written, as the shell's > does it; who means it deletes the file.
    for (name, bytes) in files where contents[name] != bytes && !bytes.isEmpty {
      contents[name] = bytes
      do throws(ManifestError) {
        parsed[name] = try Self.parse(bytes, group: group)
      } catch {
        onTrouble("\(name): \(error.description); what it said before stays in force")
      }
    }
    var sources: [String: MetricsSource] = [:]
    for (file, found) in parsed.sorted(by: { $0.key < $1.key }) {
      for source in found {
        if sources[source.name] != nil {
          onTrouble("\(file): MetricsSource \(source.name) stands in another file too; the first one counts")
        } else {
          sources[source.name] = numbered(source)
        }
      }
    }
    generations = generations.filter { sources[$0.key] != nil }
    return sources.values.sorted { $0.name < $1.name }
  }

  private mutating func numbered(_ source: MetricsSource) -> MetricsSource {
    var generation = Int64(1)
    if let known = generations[source.name] {
      generation = known.source.declaresTheSame(as: source) ? known.generation : known.generation + 1
    }
    var numbered = source
    numbered.metadata.generation = generation
    generations[source.name] = (source, generation)
    return numbered
  }

  static func parse(_ bytes: [UInt8], group: String) throws(ManifestError) -> [MetricsSource] {
    let manifests: [SourceManifest]
    do throws(YAMLError) {
      manifests = try SourceManifest.all(bytes, group: group)
    } catch {
      throw ManifestError(description: "\(error)")
    }
    var sources: [MetricsSource] = []
    for manifest in manifests {
      switch manifest {
      case .other(let words):
        throw ManifestError(description: "\(words) is no MetricsSource of \(group)/\(MetricsSource.version)")
      case .unusable(_, let problem): throw ManifestError(description: problem)
      case .source(let source):
        if let malformed = source.malformed { throw ManifestError(description: malformed) }
        sources.append(source)
      }
    }
    return sources
  }
}

/// A manifest that cannot be used.
struct ManifestError: Error, Equatable, CustomStringConvertible {
  var description: String
}
