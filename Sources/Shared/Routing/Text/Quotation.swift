/// Words of somebody else, of a backend or of whoever wrote a resource, as messages and terminals show them.
package enum Quotation {
  /// The first `limit` bytes of `text` in UTF-8, with an ellipsis behind them where that is not all. Characters that break a
  /// line, reorder it or speak to a terminal are shown by their number, as in lines of the log.
  ///
  /// Bytes, since one character may be of any length: a letter with a million accents is one.
  package static func of(_ text: some StringProtocol, upTo limit: Int = .max) -> String {
    if text.utf8.count <= limit, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return String(text) }
    var quoted = ""
    var room = limit
    for scalar in text.unicodeScalars {
      room -= UTF8.width(scalar)
      guard room >= 0 else { return quoted + "…" }
      switch scalar {
      case "\n": quoted += #"\n"#
      case "\r": quoted += #"\r"#
      case "\t": quoted += #"\t"#
      case _ where disturbs(scalar):
        let digits = String(scalar.value, radix: 16)
        quoted += #"\u"# + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted
  }

  private static func disturbs(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
