import Glibc

/// Whole files, read at once.
package enum FileContent {
  /// What was in a regular file when it was opened; less, if it was cut meanwhile. `limit` is the largest size taken, in
  /// bytes: a larger file is EFBIG. Never waits for a writer, as one who opens a pipe does: a pipe has no bytes.
  package static func read(_ path: String, limit: Int = 16 << 20) throws(SystemError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError("open \(path)") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError("stat \(path)") }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw SystemError("read \(path)", code: EISDIR) }
    guard status.st_size <= limit else { throw SystemError("read \(path)", code: EFBIG) }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        return Glibc.read(descriptor, rest.baseAddress, rest.count)
      }
      if count == 0 { break }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw SystemError("read \(path)")
      }
      filled += count
    }
    return Array(bytes[..<filled])
  }

  /// The folder that a path lies in: `.` for a bare name.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
