/// A number as Kubernetes writes it, `1500m`, `2k`, `1Ki`, `1e3`, kept exactly: digits and a power of ten.
///
/// The syntax is that of `k8s.io/apimachinery/pkg/api/resource` (`quantity.go`); as there, what is finer than a billionth is
/// rounded away from zero. Nothing is cut off at 2^63.
package struct Quantity: Hashable, Sendable {
  /// In bytes: more than any float written out has.
  package static let maximumLength = 128
  /// Of the power of ten that a text may have, either way.
  package static let maximumExponent = 99

  private static let smallestExponent = -9

  private let isNegative: Bool
  /// From the most significant, each 0 to 9, without zeros at either end; empty for zero.
  private let digits: [UInt8]
  /// The power of ten of the last digit.
  private let exponent: Int

  /// Throws where `text` is no quantity, is longer than ``maximumLength`` or beyond ``maximumExponent``.
  package init(_ text: String) throws(QuantityError) {
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.maximumLength else { throw .tooLong(count: bytes.count) }
    var rest = bytes[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    let whole = rest.prefix(while: Self.isDigit)
    rest = rest[whole.endIndex...]
    var fraction = rest.prefix(0)
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = rest.prefix(while: Self.isDigit)
      rest = rest[fraction.endIndex...]
    }
    guard !whole.isEmpty || !fraction.isEmpty else { throw .noNumber(text) }
    guard let suffix = QuantitySuffix(rest) else { throw .unknownSuffix(text) }
    guard abs(suffix.powerOfTen) <= Self.maximumExponent else { throw .outOfRange(text) }
    var digits = (whole + fraction).map { $0 - UInt8(ascii: "0") }
    for _ in 0..<suffix.powerOf1024 { Self.multiply(&digits, by: 1024) }
    var exponent = suffix.powerOfTen - fraction.count
    Self.trim(&digits, &exponent)
    if exponent < Self.smallestExponent {
      digits.removeLast(min(digits.count, Self.smallestExponent - exponent))
      exponent = Self.smallestExponent
      // What was dropped was not zero: zeros at the end are trimmed.
      Self.increment(&digits)
      Self.trim(&digits, &exponent)
    }
    self.isNegative = isNegative && !digits.isEmpty
    self.digits = digits
    self.exponent = exponent
  }

  /// The nearest number that a `Double` can be.
  package var doubleValue: Double {
    guard !digits.isEmpty else { return 0 }
    let text = (isNegative ? "-" : "") + digits.map(String.init).joined() + "e\(exponent)"
    return Double(text) ?? .nan
  }

  /// How far both are apart, as a part of the larger one: 0 where they are equal, 1 where one of them is zero, up to 2 where
  /// their signs differ.
  package func relativeDifference(to other: Quantity) -> Double {
    if self == other { return 0 }
    let (left, right) = (doubleValue, other.doubleValue)
    return abs(left - right) / max(abs(left), abs(right))
  }

  // MARK: Digits

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func multiply(_ digits: inout [UInt8], by factor: Int) {
    var carry = 0
    for index in digits.indices.reversed() {
      carry += Int(digits[index]) * factor
      digits[index] = UInt8(carry % 10)
      carry /= 10
    }
    while carry > 0 {
      digits.insert(UInt8(carry % 10), at: 0)
      carry /= 10
    }
  }

  private static func increment(_ digits: inout [UInt8]) {
    for index in digits.indices.reversed() {
      guard digits[index] == 9 else {
        digits[index] += 1
        return
      }
      digits[index] = 0
    }
    digits.insert(1, at: 0)
  }

  private static func trim(_ digits: inout [UInt8], _ exponent: inout Int) {
    digits.removeFirst(digits.prefix { $0 == 0 }.count)
    while digits.last == 0 {
      digits.removeLast()
      exponent += 1
    }
    if digits.isEmpty { exponent = 0 }
  }
}

/// What follows the digits of a quantity: a factor.
private struct QuantitySuffix {
  private(set) var powerOfTen = 0
  private(set) var powerOf1024 = 0

  /// Nil for what is no suffix. `E` alone is exa; before a number it is an exponent.
  init?(_ bytes: ArraySlice<UInt8>) {
    switch String(decoding: bytes, as: UTF8.self) {
    case "n": powerOfTen = -9
    case "u": powerOfTen = -6
    case "m": powerOfTen = -3
    case "": break
    case "k": powerOfTen = 3
    case "M": powerOfTen = 6
    case "G": powerOfTen = 9
    case "T": powerOfTen = 12
    case "P": powerOfTen = 15
    case "E": powerOfTen = 18
    case "Ki": powerOf1024 = 1
    case "Mi": powerOf1024 = 2
    case "Gi": powerOf1024 = 3
    case "Ti": powerOf1024 = 4
    case "Pi": powerOf1024 = 5
    case "Ei": powerOf1024 = 6
    default:
      guard bytes.first == UInt8(ascii: "e") || bytes.first == UInt8(ascii: "E"),
        let exponent = Int(String(decoding: bytes.dropFirst(), as: UTF8.self))
      else { return nil }
      // So that its magnitude can be taken.
      powerOfTen = max(exponent, -Int.max)
    }
  }
}
