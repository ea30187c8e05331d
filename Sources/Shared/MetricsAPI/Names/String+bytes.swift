extension String {
  /// Whether both are the same bytes. Swift calls canonically equivalent strings equal, Kubernetes does not: to it an
  /// accented letter and a letter with a combining accent are two names, with rights of their own.
  package func hasSameBytes(as other: String) -> Bool {
    let isSame = utf8.withContiguousStorageIfAvailable { left in
      other.utf8.withContiguousStorageIfAvailable { right in left.count == right.count && left.elementsEqual(right) }
    }
    // Only strings that another runtime owns have no storage to look at.
    return isSame.flatMap { $0 } ?? utf8.elementsEqual(other.utf8)
  }
}
