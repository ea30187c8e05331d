import Foundation
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_server

@Suite struct ServingCertificatesTests {
  private func options(_ certificate: URL, _ key: URL) throws -> RouterOptions {
    let arguments = ["--tls-cert-file=\(certificate.path())", "--tls-private-key-file=\(key.path())"]
    guard case .run(let options) = try RouterOptions.parse(arguments) else {
      throw StartError("no options")
    }
    return options
  }

  @Test func `a renewed pair is taken up, and one that does not fit together is not`() async throws {
    let authority = try TestAuthority("servers")
    defer { authority.remove() }
    let (certificate, key) = (authority.folder.appending(path: "tls.crt"), authority.folder.appending(path: "tls.key"))
    func install(_ issued: TestAuthority.Issued, keyOf other: TestAuthority.Issued) throws {
      for (from, to) in [(other.key, key), (issued.certificate, certificate)] {
        let fresh = to.appendingPathExtension("new")
        try Data(contentsOf: from).write(to: fresh)
        #expect(rename(fresh.path(), to.path()) == 0)
      }
    }
    let (first, second) = (
      try authority.issue("/CN=a", usage: "serverAuth"), try authority.issue("/CN=b", usage: "serverAuth")
    )
    try install(first, keyOf: first)
    let certificates = try ServingCertificates(try options(certificate, key), Logger(sink: DroppedLines()))
    let watching = Task { await certificates.keepFresh() }
    defer { watching.cancel() }
    // Until the folder is watched a change may go unnoticed.
    try await Task.sleep(for: .milliseconds(200))
    let before = certificates.current

    try install(first, keyOf: second)
    try await Task.sleep(for: .milliseconds(500))
    #expect(certificates.current === before)

    try install(second, keyOf: second)
    let start = ContinuousClock.now
    while certificates.current === before, ContinuousClock.now - start < .seconds(15) {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(certificates.current !== before)
  }

  @Test func `a server does not start with a pair that does not fit together`() throws {
    let authority = try TestAuthority("servers")
    defer { authority.remove() }
    let (one, other) = (try authority.issue("/CN=a"), try authority.issue("/CN=b"))
    #expect(throws: StartError.self) {
      try ServingCertificates(try options(one.certificate, other.key), Logger(sink: DroppedLines()))
    }
  }
}
