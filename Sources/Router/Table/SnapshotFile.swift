import EventLoop
import Glibc
import Routing

/// What tells one version of a file from another without reading it: a rename gives a new inode.
struct FileIdentity: Equatable {
  private var inode: UInt
  private var size: Int
  private var seconds: Int
  private var nanoseconds: Int

  /// Nil where there is no such file.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    inode = UInt(status.st_ino)
    size = Int(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }
}

enum SnapshotFile {
  /// More than this is no snapshot.
  static let limit = Snapshot.maximumLength

  static func read(_ path: String) throws(SystemError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError("open \(path)") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError("stat \(path)") }
    guard status.st_size <= limit else { throw SystemError("read \(path)", code: EFBIG) }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress! + filled, $0.count - filled) }
      if count == 0 { break }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw SystemError("read \(path)")
      }
      filled += count
    }
    // Shorter than announced: the length and the digest inside will say so.
    return Array(bytes[..<filled])
  }
}
