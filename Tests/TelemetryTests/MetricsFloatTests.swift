import Testing

@testable import Telemetry

@Suite struct MetricsFloatTests {
  private func text(_ value: Double) -> String {
    var bytes: [UInt8] = []
    bytes.append(float: value)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What Go's `strconv.FormatFloat(value, 'g', -1, 64)` returns.
  @Test(
    arguments: [
      (0, "0"), (-0.0, "-0"), (1, "1"), (-1, "-1"), (0.5, "0.5"), (0.1, "0.1"), (10, "10"), (100_000, "100000"),
      (999_999, "999999"), (1_000_000, "1e+06"), (1_234_567, "1.234567e+06"), (123_456.789, "123456.789"),
      (1_234_567.5, "1.2345675e+06"), (23_445_504, "2.3445504e+07"), (1_690_123_456.78, "1.69012345678e+09"),
      (1e15, "1e+15"), (1e16, "1e+16"), (1e21, "1e+21"), (1e22, "1e+22"), (1.5e300, "1.5e+300"), (0.001, "0.001"),
      (0.0025, "0.0025"), (0.0001, "0.0001"), (0.00012, "0.00012"), (0.00001, "1e-05"), (0.0000125, "1.25e-05"),
      (.leastNonzeroMagnitude, "5e-324"), (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
      (0.1 + 0.2, "0.30000000000000004"),
      (100.25, "100.25"), (-12.5, "-12.5"), (9_007_199_254_740_992, "9.007199254740992e+15"), (.infinity, "+Inf"),
      (-.infinity, "-Inf"), (.nan, "NaN"),
    ] as [(Double, String)])
  func `a number looks as Go writes it`(value: Double, expected: String) {
    #expect(text(value) == expected)
  }

  @Test func `any number is read back as it was`() {
    var wrong: [Double] = []
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let value = Double(bitPattern: generator.next())
      if value.isFinite, Double(text(value)) != value { wrong.append(value) }
      let short = Double(Int.random(in: -9_999...9_999)) / Double([1, 10, 1000, 1_000_000].randomElement() ?? 1)
      if Double(text(short)) != short { wrong.append(short) }
    }
    #expect(wrong.isEmpty)
  }
}
