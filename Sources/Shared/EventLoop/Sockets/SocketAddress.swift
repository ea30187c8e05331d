import CLinux
import Glibc

/// An IPv4 or IPv6 address with a port.
package struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
  enum Family: Hashable { case v4(UInt32), v6([UInt8], scope: UInt32) }

  private(set) var family: Family
  package var port: UInt16

  /// An address in its textual form, `127.0.0.1` or `::1` (with or without brackets); no host names. Nil for anything else.
  package init?(_ text: String, port: UInt16) {
    var v4 = in_addr()
    if inet_pton(AF_INET, text, &v4) == 1 {
      self.init(family: .v4(UInt32(bigEndian: v4.s_addr)), port: port)
      return
    }
    let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
    var v6 = in6_addr()
    guard inet_pton(AF_INET6, bare, &v6) == 1 else { return nil }
    self.init(family: .v6(withUnsafeBytes(of: v6) { Array($0) }, scope: 0), port: port)
  }

  private init(family: Family, port: UInt16) {
    self.family = family
    self.port = port
  }

  init?(_ address: UnsafePointer<sockaddr>) {
    let raw = UnsafeRawPointer(address)
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      let value = raw.loadUnaligned(as: sockaddr_in.self)
      self.init(family: .v4(UInt32(bigEndian: value.sin_addr.s_addr)), port: UInt16(bigEndian: value.sin_port))
    case AF_INET6:
      let value = raw.loadUnaligned(as: sockaddr_in6.self)
      let bytes = withUnsafeBytes(of: value.sin6_addr) { Array($0) }
      self.init(family: .v6(bytes, scope: value.sin6_scope_id), port: UInt16(bigEndian: value.sin6_port))
    default: return nil
    }
  }

  package var isIPv6: Bool { if case .v6 = family { true } else { false } }

  func withSockAddr<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    switch family {
    case .v4(let address):
      var value = sockaddr_in()
      value.sin_family = sa_family_t(AF_INET)
      value.sin_port = port.bigEndian
      value.sin_addr.s_addr = address.bigEndian
      return Self.rebound(&value, body)
    case .v6(let bytes, let scope):
      var value = sockaddr_in6()
      value.sin6_family = sa_family_t(AF_INET6)
      value.sin6_port = port.bigEndian
      value.sin6_scope_id = scope
      withUnsafeMutableBytes(of: &value.sin6_addr) { $0.copyBytes(from: bytes) }
      return Self.rebound(&value, body)
    }
  }

  private static func rebound<T, R>(_ value: inout T, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    withUnsafePointer(to: &value) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<T>.size)) }
    }
  }

  static func read(_ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) -> SocketAddress?
  {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        call(address, &length) >= 0 ? SocketAddress(address) : nil
      }
    }
  }

  /// The address without its port, IPv6 without brackets.
  package var host: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    switch family {
    case .v4(let address):
      var value = in_addr(s_addr: address.bigEndian)
      inet_ntop(AF_INET, &value, &text, socklen_t(text.count))
    case .v6(let bytes, _):
      bytes.withUnsafeBytes { _ = inet_ntop(AF_INET6, $0.baseAddress, &text, socklen_t(text.count)) }
    }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  package var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
