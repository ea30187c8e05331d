import Glibc
import Synchronization

/// A server on the loopback that does with each connection what a test scripted, each on a thread of its own.
final class ScriptedServer: Sendable {
  let port: UInt16
  private let listener: Int32
  private let log = Log()

  /// How many connections were accepted.
  var connections: Int { log.accepted.withLock { $0 } }
  /// The requests read, as they arrived.
  var requests: [String] { log.heads.withLock { $0 } }
  var url: String { "http://127.0.0.1:\(port)" }

  init(_ script: @escaping @Sendable (Connection) -> Void) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) + listen(listener, 512) + getsockname(listener, $0, &length)
      }
    }
    guard code == 0 else { throw Failure(code: errno) }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    Self.detach { [log] in
      while true {
        let socket = accept(listener, nil, nil)
        guard socket >= 0 else { return }
        log.accepted.withLock { $0 += 1 }
        Self.detach {
          script(Connection(socket: socket, log: log))
          close(socket)
        }
      }
    }
  }

  deinit {
    Glibc.shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  fileprivate final class Log: Sendable {
    let accepted = Mutex(0)
    let heads = Mutex<[String]>([])
  }

  struct Failure: Error {
    var code: Int32
  }

  /// One accepted connection; its calls block.
  struct Connection {
    let socket: Int32
    fileprivate let log: Log

    /// Reads to the end of a head and of the body its Content-Length announces; nil where the peer closed.
    func readRequest() -> String? {
      var text = ""
      var chunk = [UInt8](repeating: 0, count: 4096)
      while true {
        if let end = text.firstRange(of: "\r\n\r\n") {
          let length = text.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).filter(\.isNumber)) }
          if text.utf8.distance(from: end.upperBound, to: text.endIndex) >= length ?? 0 { break }
        }
        let count = recv(socket, &chunk, chunk.count, 0)
        guard count > 0 else { return nil }
        text += String(decoding: chunk[..<count], as: UTF8.self)
      }
      log.heads.withLock { $0.append(text) }
      return text
    }

    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
      var sent = 0
      while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }

    /// Blocks until the peer closes. Returns true when it did within ten seconds.
    @discardableResult
    func waitForClose() -> Bool {
      var timeout = timeval(tv_sec: 10, tv_usec: 0)
      setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
      var byte: UInt8 = 0
      while recv(socket, &byte, 1, 0) > 0 {}
      return errno != EAGAIN
    }
  }

  private static func detach(_ body: @escaping @Sendable () -> Void) {
    final class Work {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(body))
    pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    pthread_detach(thread)
  }
}
