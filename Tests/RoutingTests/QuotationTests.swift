import Testing

@testable import Routing

@Suite struct QuotationTests {
  @Test func `Printable words stay as they are`() {
    #expect(Quotation.of("forbidden: \"x\" \\ é日") == "forbidden: \"x\" \\ é日")
    #expect(Quotation.of("") == "")
  }

  @Test func `Characters that speak to a terminal, or disguise a line, are shown by their number`() {
    #expect(
      Quotation.of("a\r\n\tb\u{1b}[2J\u{7f}\u{9b}\u{202e}\u{2028}") == #"a\r\n\tb\u001b[2J\u007f\u009b\u202e\u2028"#)
  }

  @Test func `Words are cut by their bytes, between two characters`() {
    #expect(Quotation.of("abcdef", upTo: 6) == "abcdef")
    #expect(Quotation.of("abcdefg", upTo: 6) == "abcdef…")
    #expect(Quotation.of("éééé", upTo: 5) == "éé…")
    let accents = "e" + String(repeating: "\u{301}", count: 100_000)
    #expect(accents.count == 1)
    #expect(Quotation.of(accents, upTo: 64).utf8.count <= 64 + 3)
  }
}
