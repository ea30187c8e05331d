/// Where to listen, or `0` for not at all, as controller-runtime's `--metrics-bind-address` has it.
package enum BindAddress: Sendable, Equatable, CustomStringConvertible {
  case off
  case at(Address)

  /// Nil unless `text` is `0` or an ``Address``.
  package init?(_ text: String) {
    if text == "0" {
      self = .off
    } else if let address = Address(text) {
      self = .at(address)
    } else {
      return nil
    }
  }

  package var description: String {
    switch self {
    case .off: "0"
    case .at(let address): address.description
    }
  }
}

extension ValueType where Value == BindAddress {
  package static var bindAddress: Self {
    ValueType(
      placeholder: "host:port", expectation: "host:port, [IPv6]:port or :port, or 0 for none",
      parse: { BindAddress($0) }, format: { $0.description })
  }
}
