import MetricsAPI
import Testing

/// Cases of `k8s.io/apimachinery/pkg/api/resource/quantity_test.go`, each with the same number written plainly.
@Suite struct QuantityTests {
  static let cases: [(String, String)] = [
    ("0", "0"), ("0n", "0"), ("0Ki", "0"), ("0T", "0"), ("1", "1"),
    ("1Ki", "1024"), ("8Ki", "8192"), ("7Mi", "7340032"), ("6Gi", "6442450944"), ("5Ti", "5497558138880"),
    ("4Pi", "4503599627370496"), ("3Ei", "3458764513820540928"), ("100Ti", "109951162777600"),
    ("5n", "0.000000005"), ("4u", "0.000004"), ("3m", "0.003"), ("8k", "8000"), ("50k", "50000"), ("7M", "7000000"),
    ("6G", "6000000000"), ("40T", "40000000000000"), ("2P", "2000000000000000"), ("1E", "1000000000000000000"),
    ("1E-3", "0.001"), ("1e3", "1000"), ("1E18", "1000000000000000000"), ("100.035k", "100035"),
    ("0.0005k", "0.5"), ("0.00050k", "0.5"), ("0.05000", "0.05"), ("0.5e0", "0.5"), ("0.5e-2", "0.005"),
    ("1.3E+6", "1300000"), ("1.7E18", "1700000000000000000"), ("9.01", "9.010"), ("6.987654321G", "6987654321"),
    ("1.01E", "1010000000000000000"), ("12E", "12000000000000000000"), ("1500m", "1.5"),
    ("100.035Ki", "102435.84"), ("0.5Mi", "524288"), ("0.05Gi", "53687091.2"), ("0.025Ti", "27487790694.4"),
    (".001", "0.001"), (".0001k", "0.1"), ("1.", "1"), ("1.G", "1000000000"),
    // Rounded away from zero.
    ("3.001n", "0.000000004"), ("1.1E-9", "0.000000002"), ("0.0000000001", "0.000000001"), ("0.9n", "0.000000001"),
    ("0.00000012345", "0.000000124"), ("0.00000012354", "0.000000124"), ("0.000000000001Ki", "0.000000002"),
    ("0.9999999999", "1"),
  ]

  @Test(arguments: cases)
  func `every way to write a number means that number`(_ text: String, _ plain: String) throws {
    #expect(try Quantity(text) == Quantity(plain))
    #expect(try Quantity("+" + text) == Quantity(plain))
    #expect(try Quantity("-" + text) == Quantity("-" + plain))
    #expect(try Quantity(text).doubleValue == Double(plain))
    #expect(try Quantity("-" + text).doubleValue == -(try #require(Double(plain))))
  }

  static let refused: [(String, QuantityError)] = [
    ("", .noNumber("")), ("aoeu", .noNumber("aoeu")), (" 1", .noNumber(" 1")), (".", .noNumber(".")),
    ("--1", .noNumber("--1")), ("1 ", .unknownSuffix("1 ")), ("1.1.M", .unknownSuffix("1.1.M")),
    ("1+1.0M", .unknownSuffix("1+1.0M")), ("0.1mi", .unknownSuffix("0.1mi")), ("0.1am", .unknownSuffix("0.1am")),
    (".5i", .unknownSuffix(".5i")), ("1i", .unknownSuffix("1i")), ("-3.01i", .unknownSuffix("-3.01i")),
    ("-3.01e-", .unknownSuffix("-3.01e-")), ("1e", .unknownSuffix("1e")), ("1K", .unknownSuffix("1K")),
    ("1e1.5", .unknownSuffix("1e1.5")), ("1e100", .outOfRange("1e100")),
    ("1e-9223372036854775808", .outOfRange("1e-9223372036854775808")),
  ]

  @Test(arguments: refused)
  func `what is no quantity is refused with what is wrong`(_ text: String, _ error: QuantityError) {
    #expect(throws: error) { try Quantity(text) }
  }

  @Test func `a text that is too long is refused before it is read`() throws {
    #expect(throws: QuantityError.tooLong(count: 129)) { try Quantity(String(repeating: "1", count: 129)) }
    #expect(try Quantity(String(repeating: "9", count: 128)).doubleValue == 1e128)
  }

  static let differences: [(String, String, Double)] = [
    ("1", "1000m", 0.0), ("0", "-0Ki", 0), ("0", "5", 1), ("100", "99", 0.01), ("99", "100", 0.01), ("1", "-1", 2),
    ("1k", "1Ki", 24.0 / 1024), ("-4", "-5", 0.2), ("1n", "2n", 0.5), ("9e98", "9e99", 0.9),
  ]

  @Test(arguments: differences)
  func `a difference is relative to the larger of both`(_ left: String, _ right: String, _ expected: Double) throws {
    let difference = try Quantity(left).relativeDifference(to: Quantity(right))
    #expect(abs(difference - expected) < 1e-12)
  }
}
