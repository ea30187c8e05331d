/// Why a text is no quantity.
package enum QuantityError: Error, Hashable, Sendable, CustomStringConvertible {
  /// It does not begin with digits.
  case noNumber(String)
  /// What follows the digits is neither of the suffixes of Kubernetes nor an exponent.
  case unknownSuffix(String)
  /// Its exponent is beyond ``Quantity/maximumExponent``.
  case outOfRange(String)
  /// It has more bytes than ``Quantity/maximumLength``.
  case tooLong(count: Int)

  package var description: String {
    switch self {
    case .noNumber(let text): "\"\(text)\" is no quantity: write digits first, as in 1500m"
    case .unknownSuffix(let text):
      "\"\(text)\" is no quantity: use a suffix n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei or an exponent as in 1e3"
    case .outOfRange(let text):
      "\"\(text)\" is out of range: use an exponent from -\(Quantity.maximumExponent) to \(Quantity.maximumExponent)"
    case .tooLong(let count): "a quantity of \(count) bytes is too long: use at most \(Quantity.maximumLength)"
    }
  }
}
