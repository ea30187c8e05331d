import Glibc

/// What a command says to the person who ran it, unbuffered, so that nothing is lost when the process then exits.
package enum Console {
  package static func output(_ text: String) { write(text, STDOUT_FILENO) }
  package static func error(_ text: String) { write(text, STDERR_FILENO) }

  private static func write(_ text: String, _ descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard written > 0 else {
        if written < 0, errno == EINTR { continue }
        return
      }
      rest = rest.dropFirst(written)
    }
  }
}
