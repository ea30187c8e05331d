/// Why the server cannot start, with what to do about it.
struct StartError: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
