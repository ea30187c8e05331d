/// Why adoption or rollback stopped, with what to do about it.
struct AdoptionError: Error, Equatable, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
