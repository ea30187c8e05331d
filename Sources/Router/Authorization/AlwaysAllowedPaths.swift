import MetricsAPI

/// Paths that anybody may ask for, who has been authenticated or is anonymous, without a review
/// (`k8s.io/apiserver/pkg/authorization/path`).
struct AlwaysAllowedPaths: Sendable, Equatable {
  static let standard = AlwaysAllowedPaths(paths: ["healthz", "readyz", "livez"], prefixes: [])

  private let paths: [String]
  private let prefixes: [String]

  private init(paths: [String], prefixes: [String]) {
    self.paths = paths
    self.prefixes = prefixes
  }

  /// Each is a path, or with `*` at its end whatever begins so; a leading `/` may be left out. Nil for a `*` elsewhere.
  init?(_ patterns: [String]) {
    var (paths, prefixes): ([String], [String]) = ([], [])
    for pattern in patterns.map(Self.withoutSlash) {
      guard let star = pattern.utf8.firstIndex(of: UInt8(ascii: "*")) else {
        paths.append(pattern)
        continue
      }
      guard pattern.utf8.index(after: star) == pattern.utf8.endIndex else { return nil }
      prefixes.append(String(pattern[..<star]))
    }
    self.init(paths: paths, prefixes: prefixes)
  }

  /// All of several.
  init(_ all: [AlwaysAllowedPaths]) {
    self.init(paths: all.flatMap(\.paths), prefixes: all.flatMap(\.prefixes))
  }

  /// `path` is that of a request which is for no resource, decoded.
  func contain(_ path: String) -> Bool {
    let path = Self.withoutSlash(path)
    return paths.contains { $0.hasSameBytes(as: path) } || prefixes.contains { path.utf8.starts(with: $0.utf8) }
  }

  private static func withoutSlash(_ path: String) -> String {
    path.utf8.first == UInt8(ascii: "/") ? String(Substring(path.utf8.dropFirst())) : path
  }
}
