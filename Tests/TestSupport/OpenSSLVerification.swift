import Foundation

/// What the `openssl` command says of a certificate: another judge than the one that made it.
package enum OpenSSLVerification {
  /// Why a server with this chain is not believed to be `name`; nil where it is. `moment` is in seconds since 1970.
  package static func refusal(
    of chain: [UInt8], trusting authorities: [UInt8], name: String, at moment: Int64
  ) throws -> String? {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (trusted, server) = (folder.appending(path: "trusted.pem"), folder.appending(path: "server.pem"))
    try Data(authorities).write(to: trusted)
    try Data(chain).write(to: server)
    let (status, said) = try run(
      "verify", "-no-CApath", "-no-CAstore", "-CAfile", trusted.path(), "-purpose", "sslserver", "-verify_hostname",
      name, "-attime", "\(moment)", "-x509_strict", server.path())
    return status == 0 ? nil : said
  }

  /// A certificate in words.
  package static func text(_ pem: [UInt8]) throws -> String {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "certificate.pem")
    try Data(pem).write(to: file)
    return try run("x509", "-noout", "-text", "-in", file.path()).said
  }

  private static func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "openssl-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  private static func run(_ arguments: String...) throws -> (status: Int32, said: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
  }
}
