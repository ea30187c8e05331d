import Foundation
import Glibc

@testable import Kubernetes

/// `openssl s_server` on the loopback, with certificates made for the test.
final class TLSServer {
  /// A self-signed certificate, which is its own authority.
  struct Certificate {
    let chainFile: String
    let keyFile: String
    let chain: [UInt8]
    let key: [UInt8]

    init(for name: String, in folder: TemporaryFolder) async throws {
      let stem = folder.path + "/" + UUID().uuidString
      (chainFile, keyFile) = (stem + ".crt", stem + ".key")
      let command = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
        "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", keyFile, "-out", chainFile,
      ]
      _ = try await Subprocess.run(command, environment: [:], deadline: .seconds(30), source: "openssl")
      chain = try RereadFile.read(chainFile)
      key = try RereadFile.read(keyFile)
    }
  }

  struct Failure: Error {}

  let port: Int
  private let process: pid_t
  /// Kept open: a server that cannot print ends.
  private let output: Kubernetes.Pipe

  /// `named` is shown only to who asks for its name.
  init(
    _ certificate: Certificate, named: (name: String, certificate: Certificate)? = nil, clients: Certificate? = nil
  ) throws {
    var command = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", certificate.chainFile]
    command += ["-key", certificate.keyFile]
    if let named {
      command += ["-servername", named.name, "-cert2", named.certificate.chainFile]
      command += ["-key2", named.certificate.keyFile]
    }
    if let clients { command += ["-CAfile", clients.chainFile, "-Verify", "1", "-verify_return_error"] }
    output = try Kubernetes.Pipe()
    process = try Subprocess.spawn(command, [:], output: output.writeEnd, errors: output.writeEnd)
    output.closeWriteEnd()
    var said = ""
    var port: Int?
    var chunk = [UInt8](repeating: 0, count: 4096)
    while port == nil {
      let count = read(output.readEnd, &chunk, chunk.count)
      guard count > 0 else { break }
      said += String(decoding: chunk[..<count], as: UTF8.self)
      // Only a line with its end is whole.
      let lines = said.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      port = lines.first { $0.hasPrefix("ACCEPT") }?.split(separator: ":").last.flatMap { Int($0) }
    }
    guard let port else {
      Self.end(process)
      throw Failure()
    }
    self.port = port
  }

  deinit { Self.end(process) }

  private static func end(_ process: pid_t) {
    kill(process, SIGKILL)
    waitpid(process, nil, 0)
  }
}
