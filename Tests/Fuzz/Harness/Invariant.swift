import Glibc

/// Ends the process where `condition` does not hold, so that libFuzzer keeps the input.
func require(
  _ condition: Bool, _ claim: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
  if !condition { broken(claim(), file: file, line: line) }
}

/// Ends the process: `claim` was to hold, and does not.
func broken(_ claim: String, file: StaticString = #fileID, line: UInt = #line) -> Never {
  let text = "==\(getpid())== BROKEN INVARIANT: \(claim)\n    at \(file):\(line)\n"
  _ = write(STDERR_FILENO, text, text.utf8.count)
  abort()
}
