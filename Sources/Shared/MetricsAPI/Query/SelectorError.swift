/// Why a text is no label selector, in the words of k8s.io/apimachinery.
package struct SelectorError: Error, Hashable, Sendable, CustomStringConvertible {
  package let message: String

  package init(_ message: String) {
    self.message = message
  }

  package var description: String { message }
}
