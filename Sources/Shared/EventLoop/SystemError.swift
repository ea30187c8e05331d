import Glibc

/// A system call that failed: which one, on what, and why.
package struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The call and its object, as `bind 0.0.0.0:6443`.
  package var operation: String
  /// The value of `errno`.
  package var code: Int32

  package init(_ operation: String, code: Int32 = errno) {
    self.operation = operation
    self.code = code
  }

  package var description: String { "\(operation): \(String(cString: strerror(code)))" }
}
