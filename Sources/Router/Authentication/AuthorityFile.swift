import EventLoop
import TLS

/// Certificate authorities in a file, which may be replaced at any time.
struct AuthorityFile: Sendable {
  /// Kubelet swaps a mounted volume by a symbolic link in the same folder, which is noticed at once; elsewhere, by then.
  private static let interval = Duration.seconds(10)

  struct Content: Sendable {
    var pem: [UInt8]
    var store: TrustStore
  }

  let path: String

  func load() throws(AuthorityFileError) -> Content {
    let pem: [UInt8]
    do throws(SystemError) {
      pem = try FileContent.read(path)
    } catch {
      throw AuthorityFileError(description: "\(error)")
    }
    do throws(TLSError) {
      return Content(pem: pem, store: try TrustStore(pem: pem, name: path))
    } catch {
      throw AuthorityFileError(description: "\(error)")
    }
  }

  /// Calls `changed` with what is in the file each time that it has been replaced, until the task is cancelled. `last` is
  /// the file's identity when it was last read.
  func watch(
    since last: FileIdentity?, _ changed: (Result<Content, AuthorityFileError>) -> Void
  ) async throws(SystemError) {
    var last = last
    let watch = try DirectoryWatch(directory: FileContent.folder(of: path), interval: Self.interval)
    for await _ in watch.changes {
      let identity = FileIdentity(path: path)
      guard identity != last else { continue }
      last = identity
      do throws(AuthorityFileError) { changed(.success(try load())) } catch { changed(.failure(error)) }
    }
  }
}

/// Why a file of authorities cannot be used; names the file.
struct AuthorityFileError: Error, CustomStringConvertible {
  var description: String
}
