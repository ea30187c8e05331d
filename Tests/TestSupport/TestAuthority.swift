package import Foundation

/// A certificate authority made for one test by the `openssl` command, with whatever certificates the test asks of it.
package struct TestAuthority {
  package struct Issued {
    package var certificate: URL
    package var key: URL

    package func certificatePEM() throws -> [UInt8] { Array(try Data(contentsOf: certificate)) }
    package func keyPEM() throws -> [UInt8] { Array(try Data(contentsOf: key)) }
  }

  package let folder: URL
  package let authority: Issued

  /// `name` becomes the authority's common name.
  package init(_ name: String) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "authority-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    authority = Issued(certificate: folder.appending(path: "ca.crt"), key: folder.appending(path: "ca.key"))
    try Self.openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
      "/CN=\(name)", "-keyout", authority.key.path(), "-out", authority.certificate.path())
  }

  /// An authority whose own certificate `root` has signed.
  package init(_ name: String, signedBy root: TestAuthority) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "authority-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    authority = try root.issue("/CN=\(name)", usage: nil, isAuthority: true)
  }

  package func remove() { try? FileManager.default.removeItem(at: folder) }

  /// Signs a certificate with `subject` in OpenSSL's notation (`/O=group/CN=user`), for clients, servers, or both.
  package func issue(
    _ subject: String, usage: String? = "clientAuth", names: [String] = [], days: Int = 1, isAuthority: Bool = false
  ) throws -> Issued {
    let stem = UUID().uuidString
    let issued = Issued(
      certificate: folder.appending(path: "\(stem).crt"), key: folder.appending(path: "\(stem).key"))
    let request = folder.appending(path: "\(stem).csr")
    try Self.openssl(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject, "-keyout",
      issued.key.path(), "-out", request.path())
    var extensions = ["basicConstraints=CA:\(isAuthority ? "TRUE" : "FALSE")"]
    if let usage { extensions.append("extendedKeyUsage=\(usage)") }
    if !names.isEmpty { extensions.append("subjectAltName=\(names.joined(separator: ","))") }
    let file = folder.appending(path: "\(stem).ext")
    try extensions.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    try Self.openssl(
      "x509", "-req", "-in", request.path(), "-CA", authority.certificate.path(), "-CAkey", authority.key.path(),
      "-CAcreateserial", "-days", "\(days)", "-extfile", file.path(), "-out", issued.certificate.path())
    return issued
  }

  private static func openssl(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw OpenSSLFailure(arguments: arguments, output: String(decoding: said, as: UTF8.self))
    }
  }
}

/// A call of the `openssl` command that failed.
package struct OpenSSLFailure: Error {
  package var arguments: [String]
  package var output: String
}
