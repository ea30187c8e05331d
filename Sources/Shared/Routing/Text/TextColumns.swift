/// Columns of text, three spaces apart.
package enum TextColumns {
  /// All rows have as many cells as the first. Control characters become `?`, so that a row stays one line. Ends with a
  /// newline.
  package static func align(_ rows: [[String]]) -> String {
    let rows = rows.map { $0.map(printable) }
    var widths = [Int](repeating: 0, count: rows.first?.count ?? 0)
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
    }
    var text = ""
    for row in rows {
      for (column, cell) in row.enumerated() {
        text += cell
        if column < row.count - 1 { text += String(repeating: " ", count: widths[column] - cell.count + 3) }
      }
      text += "\n"
    }
    return text
  }

  static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
  }
}
