import Glibc
import YAML

extension Kubeconfig {
  /// An entry with the file it came from, against whose folder its relative paths are resolved.
  struct Origin<Entry> {
    var entry: Entry
    var file: String

    func path(_ path: String) -> String {
      guard !path.hasPrefix("/") else { return path }
      return (file.lastIndex(of: "/").map { String(file[...$0]) } ?? "./") + path
    }
  }

  /// Several files taken together as kubectl does: of equal names, and of `current-context`, the first counts.
  struct Merged {
    private(set) var files: [String] = []
    private(set) var currentContext: String?
    private(set) var clusters: [String: Origin<Cluster>] = [:]
    private(set) var users: [String: Origin<User>] = [:]
    private(set) var contexts: [String: Origin<Context>] = [:]

    /// `skipsMissing`: files of a list need not all exist, but one must.
    init(reading paths: [String], skipsMissing: Bool) throws(ConfigurationError) {
      for path in paths {
        if skipsMissing && access(path, F_OK) != 0 && errno == ENOENT { continue }
        add(try Self.read(path), from: path)
      }
      guard !files.isEmpty else {
        throw ConfigurationError("KUBECONFIG", "none of these files exists: \(paths.joined(separator: ", "))")
      }
    }

    private static func read(_ path: String) throws(ConfigurationError) -> Kubeconfig {
      let bytes = try RereadFile.read(path)
      do {
        let documents = try YAML.documents(bytes)
        guard documents.count <= 1 else { throw YAMLError("holds \(documents.count) documents instead of one") }
        guard let document = documents.first, document != .null else {
          return Kubeconfig()
        }
        return try document.decode(Kubeconfig.self)
      } catch {
        throw ConfigurationError("kubeconfig \(path)", "\(error)")
      }
    }

    private mutating func add(_ file: Kubeconfig, from path: String) {
      files.append(path)
      if currentContext == nil, let name = file.currentContext, !name.isEmpty { currentContext = name }
      for named in file.clusters ?? [] where clusters[named.name] == nil {
        clusters[named.name] = Origin(entry: named.cluster, file: path)
      }
      for named in file.users ?? [] where users[named.name] == nil {
        users[named.name] = Origin(entry: named.user, file: path)
      }
      for named in file.contexts ?? [] where contexts[named.name] == nil {
        contexts[named.name] = Origin(entry: named.context, file: path)
      }
    }
  }
}
