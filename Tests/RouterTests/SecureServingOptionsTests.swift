import Options
import TLS
import Testing

@testable import metrics_router_server

@Suite struct SecureServingOptionsTests {
  private func parse(_ arguments: String...) throws -> SecureServingOptions {
    var flags = FlagSet(program: "server", version: "1", summary: "Serves.")
    let read = SecureServingOptions.declare(&flags)
    return try read(try flags.parse(arguments, environment: { _ in nil }))
  }

  private func complaint(_ argument: String) -> String {
    let error = #expect(throws: OptionsError.self) { try parse(argument) }
    return error?.description ?? ""
  }

  @Test func `without a flag it serves HTTP/2 by TLS 1_2 and later with every suite`() throws {
    let options = try parse()
    #expect(options.port == 6443 && options.bindAddress == "0.0.0.0")
    #expect(options.certificateFile == nil && options.privateKeyFile == nil)
    #expect(options.minimumVersion == .tls12 && options.cipherSuites == CipherSuite.allCases)
    #expect(options.protocols == ["h2", "http/1.1"] && options.streamsPerConnection == 100)
  }

  @Test func `every flag is read`() throws {
    let options = try parse(
      "--secure-port=0", "--bind-address=::1", "--tls-cert-file=a", "--tls-private-key-file=b",
      "--tls-min-version=VersionTLS13", "--disable-http2-serving", "--http2-max-streams-per-connection=1000")
    #expect(options.port == 0 && options.bindAddress == "::1")
    #expect(options.certificateFile == "a" && options.privateKeyFile == "b")
    #expect(options.minimumVersion == .tls13)
    #expect(options.protocols == ["http/1.1"] && options.streamsPerConnection == 1000)
  }

  @Test func `a certificate without a key is refused, and the other way round`() {
    #expect(complaint("--tls-cert-file=a") == "--tls-private-key-file is required")
    #expect(complaint("--tls-private-key-file=a") == "--tls-cert-file is required")
  }

  @Test func `files may come later only where they are named, and where that is said`() throws {
    let files = ["--tls-cert-file=a", "--tls-private-key-file=b"]
    #expect(try parse(files[0], files[1]).filesMayComeLater == false)
    #expect(try parse(files[0], files[1], "--tls-cert-may-come-later").filesMayComeLater)
    #expect(complaint("--tls-cert-may-come-later") == "--tls-cert-file is required")
  }

  @Test(arguments: ["VersionTLS10", "VersionTLS11", "1.2", "TLS12", ""])
  func `an old or unknown version is refused with those that are spoken`(_ version: String) {
    let text = complaint("--tls-min-version=\(version)")
    #expect(text.hasPrefix("invalid value \"\(version)\" for --tls-min-version: expected VersionTLS12 or VersionTLS13"))
  }

  @Test func `suites are read by Go's names, in any order, with blanks, several times`() throws {
    let options = try parse(
      "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256",
      "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305")
    #expect(options.cipherSuites == [.rsaAES256, .rsaChaCha20])
    #expect(try parse("--tls-cipher-suites=").cipherSuites == CipherSuite.allCases)
    for suite in CipherSuite.allCases {
      #expect(try parse("--tls-cipher-suites=\(suite.rawValue)").cipherSuites == [suite])
    }
  }

  @Test func `suites of TLS 1_3 alone leave TLS 1_2 none`() throws {
    #expect(try parse("--tls-cipher-suites=TLS_AES_128_GCM_SHA256,TLS_CHACHA20_POLY1305_SHA256").cipherSuites.isEmpty)
  }

  @Test(arguments: ["TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "AES128-SHA", "nonsense"])
  func `an insecure or unknown suite is refused by name, with those that can be given`(_ name: String) {
    let text = complaint("--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,\(name)")
    #expect(text.hasPrefix("invalid value \"\(name)\" for --tls-cipher-suites: "))
    for suite in CipherSuite.allCases { #expect(text.contains(suite.rawValue)) }
    #expect(text.contains("TLS_AES_128_GCM_SHA256"))
  }

  @Test(arguments: ["0", "1001", "many"]) func `a number of streams out of bounds is refused`(_ count: String) {
    #expect(complaint("--http2-max-streams-per-connection=\(count)").contains("an integer from 1 to 1000"))
  }
}
