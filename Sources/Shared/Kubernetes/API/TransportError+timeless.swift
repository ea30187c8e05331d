extension TransportError {
  /// The message without how long it took, which libcurl tells (`Failed to connect to a port 1 after 3 ms: …`): the same
  /// each time the same thing happens, as a status must be that is written only when it changes.
  package var timelessMessage: String {
    var words = message.split(separator: " ", omittingEmptySubsequences: false)
    var index = 0
    while index + 2 < words.count {
      if words[index] == "after", Int(words[index + 1]) != nil, words[index + 2].hasPrefix("m") {
        let end = words[index + 2].hasSuffix(":") ? ":" : ""
        words.removeSubrange(index...(index + 2))
        if index > 0 { words[index - 1] += end }
      } else {
        index += 1
      }
    }
    return words.joined(separator: " ")
  }
}

extension APIError {
  /// The description, of a ``TransportError`` with its ``TransportError/timelessMessage``: what was said once can be told
  /// from what is new.
  package var timelessDescription: String {
    if case .transport(let error) = self { "\(error.operation): \(error.timelessMessage)" } else { description }
  }
}
