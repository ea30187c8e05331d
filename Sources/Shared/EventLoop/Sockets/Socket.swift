import CLinux
import Glibc

/// A connected TCP socket. Belongs to the thread of its loop; ``close()`` it exactly when done.
package final class Socket {
  /// What a non-blocking call did.
  package enum Transfer {
    case bytes(Int)
    case endOfStream
    case wouldBlock
    case failed(SystemError)
  }

  package let handle: ReadinessHandle

  init(descriptor: Int32, loop: EventLoop) throws(SystemError) {
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    handle = try ReadinessHandle(descriptor: descriptor, loop: loop)
    handle.isWritable = true
  }

  /// Connects to `address` by `deadline`.
  package static func connect(
    to address: SocketAddress, on loop: EventLoop, deadline: MonotonicTime
  ) async throws(SystemError) -> Socket {
    let family = address.isIPv6 ? AF_INET6 : AF_INET
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError("socket for \(address)") }
    let socket = try Socket(descriptor: descriptor, loop: loop)
    if address.withSockAddr({ Glibc.connect(descriptor, $0, $1) }) == 0 { return socket }
    guard errno == EINPROGRESS else {
      let error = SystemError("connect to \(address)")
      socket.close()
      throw error
    }
    socket.handle.isWritable = false
    let outcome = await socket.handle.waitWritable(until: deadline)
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
    if outcome != .ready { code = ETIMEDOUT }
    guard code == 0 else {
      socket.close()
      throw SystemError("connect to \(address)", code: code)
    }
    return socket
  }

  package func close() { handle.close() }

  /// Ends the sending side; the peer reads the end of the stream.
  package func finishWriting() { if !handle.isClosed { shutdown(handle.descriptor, Int32(SHUT_WR)) } }

  package var isClosed: Bool { handle.isClosed }

  package var peerAddress: SocketAddress? { SocketAddress.read { getpeername(handle.descriptor, $0, $1) } }

  /// Reads what is there. A read that does not fill the buffer has drained the socket (epoll(7)), unless the peer has
  /// closed: then the end is still to be read.
  package func read(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
    guard handle.isReadable, !handle.isClosed else { return handle.isClosed ? .endOfStream : .wouldBlock }
    while true {
      let count = recv(handle.descriptor, buffer.baseAddress, buffer.count, 0)
      if count > 0 {
        if count < buffer.count, !handle.isHangup { handle.isReadable = false }
        return .bytes(count)
      }
      if count == 0 { return .endOfStream }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        handle.isReadable = false
        return .wouldBlock
      default: return .failed(SystemError("read"))
      }
    }
  }

  /// Writes what the socket takes at once, which may be less than `bytes`.
  package func write(_ bytes: UnsafeRawBufferPointer) -> Transfer {
    guard handle.isWritable, !handle.isClosed else {
      return handle.isClosed ? .failed(SystemError("write", code: EPIPE)) : .wouldBlock
    }
    while true {
      let count = send(handle.descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      if count >= 0 {
        if count < bytes.count { handle.isWritable = false }
        return .bytes(count)
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        handle.isWritable = false
        return .wouldBlock
      default: return .failed(SystemError("write"))
      }
    }
  }
}
