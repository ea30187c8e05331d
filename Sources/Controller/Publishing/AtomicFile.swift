import EventLoop
import Glibc

/// Writes a file so that a reader sees the old content or the new one, whole, whatever happens in between: a temporary
/// file in the same folder, synced, renamed over the old one, and the folder synced.
enum AtomicFile {
  private static let suffix = ".tmp"

  /// Returns the identity of the file that was written: its name may lead to another one's as soon as it is there.
  @discardableResult
  static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws(SystemError) -> FileIdentity? {
    let folder = FileContent.folder(of: path)
    // First of all: where the folder cannot be synced later, nothing is to be renamed.
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw SystemError("open \(folder)") }
    defer { close(directory) }
    let temporary = "\(path).\(getpid())\(suffix)"
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
    let identity = FileIdentity(descriptor: descriptor)
    close(descriptor)
    guard rename(temporary, path) == 0 else {
      let error = SystemError("rename \(temporary) to \(path)")
      unlink(temporary)
      throw error
    }
    guard fsync(directory) == 0 else { throw SystemError("fsync \(folder)") }
    return identity
  }

  /// Removes what processes left that were killed while they wrote this file. One that still runs keeps its own.
  static func removeLeftovers(of path: String) {
    let folder = FileContent.folder(of: path)
    let prefix = (path.split(separator: "/").last.map(String.init) ?? path) + "."
    guard let stream = opendir(folder) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasPrefix(prefix), name.hasSuffix(suffix),
        let writer = pid_t(name.dropFirst(prefix.count).dropLast(suffix.count)), writer > 0
      else { continue }
      // A container's first process has the number of the one before it.
      if writer != getpid(), kill(writer, 0) == 0 || errno == EPERM { continue }
      unlink("\(folder)/\(name)")
    }
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
