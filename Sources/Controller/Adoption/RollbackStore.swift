import EventLoop
import Glibc
import MetricsAPI

/// The rollback file on disk. One that is there is never lost: it may be all that tells who answered before.
struct RollbackStore: Sendable {
  let path: String
  let mayOverwrite: Bool

  /// Throws where another file is there, unless it may be overwritten; one that says the same stays as it is. What it says
  /// of `adopted`, which the router answers already, is taken over: an adoption that was interrupted can go on. Returns
  /// whether there was anything to write.
  @discardableResult func write(
    _ file: RollbackFile, keeping adopted: [MetricsGroupVersion] = []
  ) throws(AdoptionError) -> Bool {
    var file = file
    if access(path, F_OK) == 0 {
      let present = try content()
      let former = try? RollbackFile(parsing: present)
      if let former { file = file.adding(former, of: adopted) }
      if Array(try file.text().utf8) == present { return false }
      let losesNothing = try former.map { former throws(AdoptionError) in try file.covers(former) } ?? false
      guard mayOverwrite || losesNothing else {
        throw AdoptionError(
          "\(path) exists and says something else: it may tell who answered before a former adoption. Undo that one first"
            + " (rollback --apply), or --overwrite it, which keeps what it says of APIServices that the router answers now"
        )
      }
    }
    let bytes = Array(try file.text().utf8)
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
