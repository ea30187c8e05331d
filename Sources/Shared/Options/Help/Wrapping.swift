/// Sets prose into lines.
enum Wrapping {
  /// Breaks at spaces; a word that is longer than a line stands alone in one. Newlines of the text are kept.
  static func lines(of text: String, width: Int, indent: Int = 0) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      for word in paragraph.split(separator: " ") {
        if line.isEmpty {
          line = String(word)
        } else if indent + line.count + 1 + word.count <= width {
          line += " " + word
        } else {
          lines.append(margin + line)
          line = String(word)
        }
      }
      lines.append(line.isEmpty ? "" : margin + line)
    }
    return lines
  }
}
