import EventLoop
import Glibc

/// Writes a file so that a reader sees the old content or the new one, whole, whatever happens in between: a temporary
/// file in the same folder, synced, renamed over the old one, and the folder synced.
enum AtomicFile {
  static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws(SystemError) {
    let folder = FileContent.folder(of: path)
    let temporary = "\(path).\(getpid()).tmp"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw SystemError("create \(temporary)") }
    do throws(SystemError) {
      try writeAll(bytes, descriptor, temporary)
      guard fsync(descriptor) == 0 else { throw SystemError("fsync \(temporary)") }
    } catch {
      close(descriptor)
      unlink(temporary)
      throw error
    }
    close(descriptor)
    guard rename(temporary, path) == 0 else {
      let error = SystemError("rename \(temporary) to \(path)")
      unlink(temporary)
      throw error
    }
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw SystemError("open \(folder)") }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw SystemError("fsync \(folder)") }
  }

  private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32, _ name: String) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: $0[written...]).baseAddress, $0.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw SystemError("write \(name)") }
      written += count
    }
  }
}
