import Telemetry
import Testing

private let instant = LogTime(seconds: 1_624_518_739, nanoseconds: 155_079_999)

private func line(
  _ message: String, _ fields: [(key: String, value: String)] = [], severity: Severity = .info, level: Int = 0,
  in format: LogFormat = .text
) -> String {
  let event = LogEvent(
    severity, level: level, time: instant, processID: 1, file: "Routing/Registry.swift", line: 201, message: message,
    fields: fields)
  return String(decoding: event.line(in: format), as: UTF8.self)
}

@Suite struct LineTests {
  @Test func `a text line is exactly klog's`() {
    #expect(
      line("custom metric pods/foo(namespaced) served by https://adapter.custom-metrics.svc:443")
        == "I0624 07:12:19.155079       1 Registry.swift:201] custom metric pods/foo(namespaced) served by "
        + "https://adapter.custom-metrics.svc:443\n")
  }

  @Test func `fields follow a text message, quoted`() {
    #expect(
      line("synced", [("source", "keda"), ("error", #"got "x\y""#)])
        == #"I0624 07:12:19.155079       1 Registry.swift:201] synced source="keda" error="got \"x\\y\"""# + "\n")
  }

  @Test(arguments: zip(Severity.allCases, ["I", "W", "E", "F"]))
  func `each severity has klog's letter`(severity: Severity, letter: String) {
    #expect(line("x", severity: severity).prefix(1) == letter)
  }

  @Test func `a long process id moves nothing but itself`() {
    let event = LogEvent(.info, time: instant, processID: 4_194_304, file: "A.swift", line: 1, message: "x")
    #expect(String(decoding: event.line(in: .text), as: UTF8.self) == "I0624 07:12:19.155079 4194304 A.swift:1] x\n")
  }

  @Test func `a text line shows local time`() {
    let event = LogEvent(
      .info, time: LogTime(seconds: 1_624_518_739, secondsFromUTC: -8 * 3_600), processID: 1, file: "A.swift", line: 1,
      message: "x")
    #expect(String(decoding: event.line(in: .text), as: UTF8.self).hasPrefix("I0623 23:12:19.000000 "))
  }

  @Test func `a JSON line is that of Kubernetes components`() {
    #expect(
      line("served", [("source", "keda"), ("path", #"a"b"#)], level: 2, in: .json)
        == #"{"ts":1624518739155.079,"caller":"Routing/Registry.swift:201","v":2,"msg":"served","source":"keda","path":"a\"b"}"#
        + "\n")
  }

  @Test func `a JSON line of a graver event says how grave`() {
    #expect(
      line("gone", severity: .error, in: .json)
        == #"{"ts":1624518739155.079,"caller":"Routing/Registry.swift:201","severity":"error","msg":"gone"}"# + "\n")
  }

  @Test(arguments: LogFormat.allCases)
  func `whatever comes in, one line comes out`(format: LogFormat) {
    let everything = String(String.UnicodeScalarView((0..<0x3000).compactMap(Unicode.Scalar.init)))
    let bytes = Array(line(everything, [(everything, everything)], in: format).utf8)
    #expect(bytes.filter { $0 < 0x20 } == [0x0a])
    #expect(bytes.last == 0x0a)
  }

  @Test func `characters that disguise a line are shown by their number`() {
    let text = line("a\nb\r\tc\u{1b}[2J\u{85}\u{2028}\u{202e}d\u{7f}\\")
    #expect(text.hasSuffix(#"] a\nb\r\tc\u001b[2J\u0085\u2028\u202ed\u007f\"# + "\n"))
  }

  @Test func `a value is cut to 256 bytes between two characters`() throws {
    let text = line("x", [("k", String(repeating: "é", count: 200))])
    let value = try #require(text.split(separator: "\"").dropFirst().first)
    #expect(value == String(repeating: "é", count: 126) + "…")
    #expect(value.utf8.count == 255)
  }

  @Test func `a value of 256 bytes stays whole`() {
    let value = String(repeating: "v", count: 256)
    #expect(line("x", [("k", value)]).contains("\"\(value)\""))
  }

  @Test func `a message is cut to 4 KiB`() throws {
    let text = line(String(repeating: "m", count: 10_000))
    let start = try #require(text.firstIndex(of: "]"))
    #expect(text[start...].utf8.count == "] ".utf8.count + 4_096 + 1)
  }

  @Test(arguments: [
    (0, "0101 00:00:00"), (951_782_400, "0229 00:00:00"), (951_868_800, "0301 00:00:00"),
    (1_709_251_199, "0229 23:59:59"), (1_709_251_200, "0301 00:00:00"), (4_107_542_400, "0301 00:00:00"),
    (1_735_689_599, "1231 23:59:59"), (-1, "1231 23:59:59"),
  ])
  func `month and day follow the Gregorian calendar`(seconds: Int, expected: String) {
    let event = LogEvent(.info, time: LogTime(seconds: seconds), processID: 1, file: "A", line: 1, message: "")
    #expect(String(decoding: event.line(in: .text), as: UTF8.self).dropFirst().hasPrefix(expected + "."))
  }
}
