import EventLoop
import Foundation

/// `openssl s_client`, as a client whose sessions go to and come from files.
struct OpenSSLClient: Sendable {
  var version: String
  /// More options: `-cert`, `-sess_in`.
  var options: [String] = []

  /// Connects, stays until the server closes, and returns what the command said.
  func visit(_ address: SocketAddress, _ more: String...) async throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["timeout", "10", "openssl", "s_client", "-connect", "127.0.0.1:\(address.port)", version] + options + more
    let (input, output) = (Pipe(), Pipe())
    // Open but silent: at the end of its input the command would leave before a ticket arrives.
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: said, as: UTF8.self)
  }
}
