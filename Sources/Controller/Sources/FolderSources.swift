import EventLoop
import FoundationEssentials
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
        var last: [MetricsSource]?
        for await _ in watch.changes {
          guard let files = read() else { continue }
          let sources = manifests.update(files, onTrouble: onTrouble)
          if sources != last {
            last = sources
            continuation.yield(.replaced(sources))
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

  /// The manifests by file name; nil where the folder cannot be read, which is no reason to drop anything.
  private func read() -> [String: [UInt8]]? {
    do {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      var files: [String: [UInt8]] = [:]
      for name in names where [".yaml", ".yml", ".json"].contains(where: name.hasSuffix) && !name.hasPrefix(".") {
        files[name] = (try? Data(contentsOf: URL(filePath: "\(folder)/\(name)"))).map { Array($0) }
      }
      return files
    } catch {
      onTrouble("cannot read the folder \(folder): \(error)")
      return nil
    }
  }
}

/// What the manifests of a folder say, apart from I/O. Generations count the changes of each spec, as an API server does.
struct FolderManifests {
  let group: String
  private var contents: [String: [UInt8]] = [:]
  private var parsed: [String: [MetricsSource]] = [:]
  private var generations: [String: (source: MetricsSource, generation: Int64)] = [:]

  init(group: String) { self.group = group }

  /// The sources of all files, by name.
  mutating func update(_ files: [String: [UInt8]], onTrouble: (String) -> Void) -> [MetricsSource] {
    for name in contents.keys where files[name] == nil {
      contents[name] = nil
      parsed[name] = nil
    }
    for (name, bytes) in files where contents[name] != bytes {
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
    return sources.values.sorted { $0.name < $1.name }
  }

  private mutating func numbered(_ source: MetricsSource) -> MetricsSource {
    var generation = Int64(1)
    if let known = generations[source.name] {
      generation = known.source.spec == source.spec ? known.generation : known.generation + 1
    }
    var numbered = source
    numbered.metadata.generation = generation
    generations[source.name] = (source, generation)
    return numbered
  }

  static func parse(_ bytes: [UInt8], group: String) throws(ManifestError) -> [MetricsSource] {
    var sources: [MetricsSource] = []
    do throws(YAMLError) {
      for document in try YAML.documents(bytes) {
        if case .null = document { continue }
        let header = try document.decode(Header.self)
        guard header.kind == "MetricsSource", header.apiVersion == "\(group)/\(MetricsSource.version)" else {
          let found = "\(header.apiVersion ?? "no apiVersion") \(header.kind ?? "no kind")"
          throw YAMLError("\(found) is no MetricsSource of \(group)/\(MetricsSource.version)")
        }
        let source = try document.decode(MetricsSource.self)
        guard !source.name.isEmpty else { throw YAMLError("metadata.name is missing") }
        sources.append(source)
      }
    } catch {
      throw ManifestError(description: "\(error)")
    }
    return sources
  }

  private struct Header: Decodable {
    var apiVersion: String?
    var kind: String?
  }
}

/// A manifest that cannot be used.
struct ManifestError: Error, Equatable, CustomStringConvertible {
  var description: String
}
