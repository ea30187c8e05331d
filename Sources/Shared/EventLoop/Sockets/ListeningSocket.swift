import CLinux
import Glibc

/// A TCP socket that accepts connections on one event loop. Several loops may listen on one address: SO_REUSEPORT lets
/// the kernel spread connections over them.
package final class ListeningSocket {
  /// Connections that the kernel keeps until they are accepted (listen(2)), and no more than net.core.somaxconn.
  private static let backlog: Int32 = 1024

  private let handle: ReadinessHandle
  /// The bound address; its port is the real one where 0 was asked for.
  package let address: SocketAddress

  /// Binds `address` and listens; port 0 takes a free one. Throws the call that failed, with the address.
  package init(_ address: SocketAddress, loop: EventLoop) throws(SystemError) {
    let family = address.isIPv6 ? AF_INET6 : AF_INET
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError("socket for \(address)") }
    var one: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, size)
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &one, size)
    if address.isIPv6 {
      var zero: Int32 = 0
      setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &zero, size)
    }
    guard address.withSockAddr({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, Self.backlog) == 0 else {
      let error = SystemError("listen on \(address)")
      Glibc.close(descriptor)
      throw error
    }
    self.address = SocketAddress.read { getsockname(descriptor, $0, $1) } ?? address
    handle = try ReadinessHandle(descriptor: descriptor, loop: loop)
  }

  /// The address to listen on for what a person wrote: `0.0.0.0`, `::` or nothing mean every address of both families, as
  /// in Go, so that a pod is reached in any cluster. Nil for what is no IP address.
  package static func address(for host: String, port: UInt16) -> SocketAddress? {
    guard ["", "0.0.0.0", "::", "[::]"].contains(host) else { return SocketAddress(host, port: port) }
    let everywhere = SocketAddress("::", port: port)
    let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return SocketAddress("0.0.0.0", port: port) }
    defer { Glibc.close(descriptor) }
    // A kernel that knows IPv6 may still have no address of it (net.ipv6.conf.all.disable_ipv6).
    let isUsable = SocketAddress("::", port: 0)?.withSockAddr { bind(descriptor, $0, $1) } == 0
    return isUsable ? everywhere : SocketAddress("0.0.0.0", port: port)
  }

  /// Throws where another process listens on `address`: SO_REUSEPORT would let this one take half of its connections
  /// without a word.
  package static func checkIsFree(_ address: SocketAddress) throws(SystemError) {
    let family = address.isIPv6 ? AF_INET6 : AF_INET
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError("socket for \(address)") }
    defer { Glibc.close(descriptor) }
    var one: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    guard address.withSockAddr({ bind(descriptor, $0, $1) }) == 0 else { throw SystemError("listen on \(address)") }
  }

  /// The next connection, or nil once ``close()`` was called. Errors of a single connection are skipped; where the process
  /// has run out of descriptors it waits 100 ms for one to be freed.
  ///
  /// What it returns may be handed to a task of its own, which makes a ``Socket`` of it.
  package func accept() async -> AcceptedDescriptor? {
    while !handle.isClosed {
      guard handle.isReadable else {
        guard await handle.waitReadable(until: .distantFuture) == .ready else { return nil }
        continue
      }
      let descriptor = accept4(
        handle.descriptor, nil, nil, Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue))
      if descriptor >= 0 { return AcceptedDescriptor(value: descriptor) }
      switch errno {
      case EAGAIN: handle.isReadable = false
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: await handle.loop.sleep(until: .now() + .milliseconds(100))
      default: continue
      }
    }
    return nil
  }

  package func close() { handle.close() }
}

/// A connection that was accepted and that nobody serves yet.
package struct AcceptedDescriptor: Sendable {
  fileprivate let value: Int32

  /// To be called once, on the loop that will serve the connection.
  package func socket(on loop: EventLoop) throws(SystemError) -> Socket {
    try Socket(descriptor: value, loop: loop)
  }
}
