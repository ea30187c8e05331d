import Glibc
import Synchronization

/// Keeps the tokens that callers show, each once, a line each: what a hostile adapter would have of them.
final class SeenTokens: Sendable {
  private let path: String
  private let seen = Mutex<Set<String>>([])

  init(path: String) { self.path = path }

  func record(_ token: String) {
    seen.withLock { seen in
      guard seen.insert(token).inserted, let file = fopen(path, "a") else { return }
      fputs(token + "\n", file)
      fclose(file)
    }
  }
}
