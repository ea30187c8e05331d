/// A text that is not the YAML that was asked for.
package struct YAMLError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Where in the text, both counted from one; nil where the error is about a whole document.
  package struct Place: Sendable, Equatable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  package var place: Place?
  package var problem: String

  package init(_ problem: String, at place: Place? = nil) {
    self.problem = problem
    self.place = place
  }

  package var description: String {
    guard let place else { return problem }
    return "line \(place.line), column \(place.column): \(problem)"
  }
}
