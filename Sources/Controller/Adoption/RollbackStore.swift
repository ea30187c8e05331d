import EventLoop
import Glibc

/// The rollback file on disk. One that is there is never lost: it may be all that tells who answered before.
struct RollbackStore: Sendable {
  let path: String
  let mayOverwrite: Bool

  /// Throws where another file is there, unless it may be overwritten; one that says the same stays as it is. Returns
  /// whether there was anything to write.
  @discardableResult func write(_ file: RollbackFile) throws(AdoptionError) -> Bool {
    let bytes = Array(try file.text().utf8)
    if access(path, F_OK) == 0 {
      if try content() == bytes { return false }
      guard mayOverwrite else {
        throw AdoptionError(
          "\(path) exists and says something else: it may tell who answered before a former adoption. Undo that one first"
            + " (rollback --apply), move the file away, give another --rollback-file, or --overwrite it")
      }
    }
    do throws(SystemError) {
      try AtomicFile.write(bytes, to: path, mode: 0o600)
      return true
    } catch {
      throw AdoptionError("\(error)")
    }
  }

  func read() throws(AdoptionError) -> RollbackFile {
    let bytes = try content()
    do throws(AdoptionError) {
      return try RollbackFile(parsing: bytes)
    } catch {
      throw AdoptionError("\(path): \(error)")
    }
  }

  private func content() throws(AdoptionError) -> [UInt8] {
    do throws(SystemError) { return try FileContent.read(path) } catch { throw AdoptionError("\(error)") }
  }
}
