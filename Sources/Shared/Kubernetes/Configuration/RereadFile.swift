import Glibc
import Synchronization

/// A small file whose content is renewed in place, as kubelet does with tokens and certificates.
package final class RereadFile: Sendable {
  /// How long a content may be used before the file is read again.
  static let maximumAge = Duration.seconds(60)
  private static let maximumBytes = 1 << 20

  package let path: String
  private let now: @Sendable () -> ContinuousClock.Instant
  private let last = Mutex<(content: [UInt8]?, readAt: ContinuousClock.Instant?)>((nil, nil))

  package convenience init(_ path: String) { self.init(path, now: { .now }) }

  init(_ path: String, now: @escaping @Sendable () -> ContinuousClock.Instant) {
    self.path = path
    self.now = now
  }

  /// The content, at most a minute old. A file that has become unreadable leaves the last content in use.
  package func content() throws(ConfigurationError) -> [UInt8] {
    let now = now()
    let result = last.withLock { last -> Result<[UInt8], ConfigurationError> in
      if let content = last.content, let readAt = last.readAt, now - readAt < Self.maximumAge {
        return .success(content)
      }
      do throws(ConfigurationError) {
        let content = try Self.read(path)
        // Somebody is about to write it.
        if content.isEmpty, let former = last.content { return .success(former) }
        last = (content, now)
        return .success(content)
      } catch {
        guard let content = last.content else { return .failure(error) }
        last.readAt = now
        return .success(content)
      }
    }
    return try result.get()
  }

  /// Has the next call read the file, however young its content is.
  package func invalidate() { last.withLock { $0.readAt = nil } }

  /// Reads a file of at most 1 MiB.
  static func read(_ path: String) throws(ConfigurationError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw ConfigurationError(path, "cannot be opened: \(String(cString: strerror(errno)))") }
    defer { close(file) }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16384)
    while true {
      let count = Glibc.read(file, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw ConfigurationError(path, "cannot be read: \(String(cString: strerror(errno)))") }
      guard count > 0 else { return content }
      content += chunk[..<count]
      guard content.count <= maximumBytes else {
        throw ConfigurationError(path, "is larger than \(maximumBytes) bytes")
      }
    }
  }
}
