import MetricsAPI

/// Paths that were read before: autoscalers ask for the same few again and again. Belongs to one event loop.
final class RequestPathMemo {
  /// Of keys, in bytes: anybody may ask for anything, and what is remembered must not grow with it.
  private static let capacity = 1 << 20
  /// What an entry takes besides its key, at least.
  private static let overhead = 256

  private var paths: [[UInt8]: RequestPath] = [:]
  private var size = 0

  /// Throws what reading the path throws; that is not remembered.
  func parse(_ path: ArraySlice<UInt8>) throws(PathError) -> RequestPath {
    let key = Array(path)
    if let known = paths[key] { return known }
    let read = try RequestPath.parse(key)
    size += key.count + Self.overhead
    if size > Self.capacity {
      paths.removeAll(keepingCapacity: true)
      size = key.count + Self.overhead
    }
    paths[key] = read
    return read
  }
}
