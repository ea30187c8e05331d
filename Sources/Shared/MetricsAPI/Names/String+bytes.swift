extension String {
  /// Whether both are the same bytes. Swift calls canonically equivalent strings equal, Kubernetes does not: to it an
  /// accented letter and a letter with a combining accent are two names, with rights of their own.
  package func hasSameBytes(as other: String) -> Bool {
    withBytes { left in other.withBytes { ByteOrder.areEqual(left, $0) } }
  }

  /// Below zero where this one goes first in the order of bytes, which is Go's, zero where both are the same bytes.
  func compareBytes(_ other: String) -> Int {
    withBytes { left in other.withBytes { ByteOrder.compare(left, $0) } }
  }

  /// The UTF-8 of the string, where it lies.
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    // Only strings that another runtime owns have no storage to look at.
    utf8.withContiguousStorageIfAvailable(body) ?? Array(utf8).withUnsafeBufferPointer(body)
  }
}
