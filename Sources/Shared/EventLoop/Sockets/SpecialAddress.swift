/// What an address is that no Service has (IANA's registries of special-purpose addresses, RFC 6890): this host, its link,
/// many hosts at once, or what a cloud tells its machines about themselves, their credentials among it.
package enum SpecialAddress: String, Sendable, CaseIterable {
  case unspecified = "an unspecified address"
  case loopback = "a loopback address"
  case linkLocal = "a link-local address"
  case metadata = "a cloud's metadata address"
  case multicast = "a multicast address"
  case broadcast = "the broadcast address"

  /// The metadata services that have an address which is not link-local: Alibaba Cloud's and Azure's.
  private static let metadataV4: Set<UInt32> = [0x6464_64c8, 0xa83f_8110]

  /// `v4` is in the host's byte order.
  init?(v4 address: UInt32) {
    switch address >> 24 {
    case 0: self = .unspecified
    case 127: self = .loopback
    case 224...239: self = .multicast
    default:
      if address >> 16 == 0xa9fe {
        self = .linkLocal
      } else if address == .max {
        self = .broadcast
      } else if Self.metadataV4.contains(address) {
        self = .metadata
      } else {
        return nil
      }
    }
  }

  /// `bytes` are the 16 of an IPv6 address. One that leads to an IPv4 address is what that is.
  init?(v6 bytes: [UInt8]) {
    if bytes.allSatisfy({ $0 == 0 }) {
      self = .unspecified
    } else if bytes.dropLast().allSatisfy({ $0 == 0 }), bytes[15] == 1 {
      self = .loopback
    } else if bytes[0] == 0xff {
      self = .multicast
    } else if bytes[0] == 0xfe, bytes[1] & 0xc0 == 0x80 {
      self = .linkLocal
    } else if Self.metadataV6.contains(bytes) {
      self = .metadata
    } else if let embedded = Self.embeddedV4(bytes), let kind = SpecialAddress(v4: embedded) {
      self = kind
    } else {
      return nil
    }
  }

  /// fd00:ec2::254 of AWS and fd20:ce::254 of Google Cloud.
  private static let metadataV6: Set<[UInt8]> = [
    [0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54],
    [0xfd, 0x20, 0x00, 0xce, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54],
  ]

  /// What stands before an IPv4 address: mapped (RFC 4291, 2.5.5.2), compatible (2.5.5.1), translated (RFC 2765, 2.1),
  /// and by the well-known prefix of NAT64 (RFC 6052, 2.1).
  private static let prefixesOfV4: [[UInt8]] = [
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0],
    [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0],
  ]

  private static func embeddedV4(_ bytes: [UInt8]) -> UInt32? {
    // 6to4 (RFC 3056, 2): the address follows the prefix 2002::/16.
    let isSixToFour = bytes[0] == 0x20 && bytes[1] == 0x02
    guard isSixToFour || prefixesOfV4.contains(where: bytes.starts(with:)) else { return nil }
    return bytes[isSixToFour ? 2..<6 : 12..<16].reduce(0) { $0 << 8 | UInt32($1) }
  }
}

extension SocketAddress {
  /// Nil for one that a Service may have.
  package var special: SpecialAddress? {
    switch family {
    case .v4(let address): SpecialAddress(v4: address)
    case .v6(let bytes, _): SpecialAddress(v6: bytes)
    }
  }

  /// Why it is not dialled where a resource named the host, whatever its name led to before; nil where it may be. What may
  /// reach this host's own ports, or the credentials of its machine, nobody is to send the router to by writing a
  /// resource.
  package var refusal: String? {
    special.map { "\(host) is \($0.rawValue), which no Service has: it is not dialled unless --connect-to leads there" }
  }
}
