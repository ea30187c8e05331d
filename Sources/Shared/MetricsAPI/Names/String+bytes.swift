extension String {
  /// Whether both are the same bytes. Swift calls canonically equivalent strings equal, Kubernetes does not: to it an
  /// accented letter and a letter with a combining accent are two names, with rights of their own.
  package func hasSameBytes(as other: String) -> Bool {
    self == other && utf8.elementsEqual(other.utf8)
  }
}
