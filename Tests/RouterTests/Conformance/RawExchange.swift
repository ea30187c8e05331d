import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// Bytes that no HTTP client would send, over TLS by `openssl s_client`.
enum RawExchange {
  /// Sends `bytes` on a connection of their own and reads until the router closes it.
  static func send(
    _ bytes: String, port: UInt16, certificate: TestAuthority.Issued? = nil
  ) throws -> Observation {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "timeout", "5", "openssl", "s_client", "-quiet", "-alpn", "http/1.1", "-connect", "127.0.0.1:\(port)",
    ]
    if let certificate {
      process.arguments? += ["-cert", certificate.certificate.path(), "-key", certificate.key.path()]
    }
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(bytes.utf8))
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try #require(Observation(http1: Array(said)), "no HTTP answer to \(bytes.prefix(80).debugDescription)")
  }
}

/// A source that answers whatever it is asked with the same bytes, over plain TCP, and then closes the connection.
final class RawBackend: Sendable {
  let port: UInt16
  private let listener: Int32
  private let received = Mutex<[String]>([])

  /// As ``BackendResponder/Record`` has them, without `Host`, which is never twice the same.
  var requests: [String] { received.withLock { $0 } }

  init(answering text: String) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (listener, size) = (listener, length)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, pointer, &length) == 0
      }
    }
    try #require(isListening)
    port = UInt16(bigEndian: address.sin_port)
    let bytes = Array(text.utf8)
    let thread = Thread { self.serve(listener, bytes) }
    thread.start()
  }

  /// Ends the thread, which sits in `accept`.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func record(_ bytes: ArraySlice<UInt8>) {
    let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n").filter { !$0.isEmpty }
    let target = lines[0].replacingOccurrences(of: " HTTP/1.1", with: "")
    let fields = lines.dropFirst().filter { !$0.hasPrefix("Host:") }
    received.withLock { $0.append(([target] + fields).joined(separator: "\n")) }
  }

  private func serve(_ listener: Int32, _ bytes: [UInt8]) {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { break }
      var buffer = [UInt8](repeating: 0, count: 16 * 1024)
      let count = recv(connection, &buffer, buffer.count, 0)
      if count > 0 {
        record(buffer[..<count])
        send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      }
      shutdown(connection, Int32(SHUT_WR))
      // Until the router closes as well, so that nothing is reset under way.
      while recv(connection, &buffer, buffer.count, 0) > 0 {}
      close(connection)
    }
    close(listener)
  }
}
