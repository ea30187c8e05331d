import HTTP
import Options
import TLS

/// Where callers reach the server and how it speaks TLS and HTTP to them, by the flags that Kubernetes' own servers have
/// (k8s.io/apiserver `pkg/server/options/serving.go`).
struct SecureServingOptions: Sendable {
  /// 0 takes any free port.
  var port: UInt16
  var bindAddress: String
  /// Both files or none of them: then the server makes a certificate itself.
  var certificateFile: String?
  var privateKeyFile: String?
  /// The files may come later: until then the server serves a certificate that it makes itself.
  var filesMayComeLater = false
  var minimumVersion = TLSServerContext.Version.tls12
  /// Of TLS 1.2; none of them leaves TLS 1.3 alone.
  var cipherSuites = CipherSuite.allCases
  var servesHTTP2 = true
  /// 1 to 1000.
  var streamsPerConnection = 100

  /// What is offered by ALPN, the preferred protocol first.
  var protocols: [String] { servesHTTP2 ? [HTTPServer.http2, HTTPServer.http1] : [HTTPServer.http1] }

  /// The closure throws where one of the two files is given without the other, or a cipher suite cannot be spoken.
  static func declare(
    _ flags: inout FlagSet
  ) -> (ParsedFlags) throws(OptionsError) -> SecureServingOptions {
    let port = flags.integer("secure-port", default: 6443, in: 0...65_535, "The HTTPS port; 0 takes any free one.")
    let address = flags.string(
      "bind-address", default: "0.0.0.0", placeholder: "address",
      "The address to listen on; 0.0.0.0 and :: mean all of both families.")
    let certificate = flags.file(
      "tls-cert-file", "PEM with the serving certificate and its intermediates; without it a self-signed one is made.")
    let key = flags.file("tls-private-key-file", "PEM with the private key of --tls-cert-file.")
    let later = flags.bool(
      laterFlag,
      "Start also while the two files are not there yet, with a certificate that the server signs itself, and take them"
        + " when they come: for a Secret that somebody fills later. Without it a file that is missing is an error.")
    let version = flags.value(
      "tls-min-version", type: .tlsVersion, default: .tls12, "The oldest version of TLS that is spoken.")
    let suites = flags.strings(
      suitesFlag, placeholder: "names",
      "The suites of TLS 1.2, separated by commas; default: all that can be given. Those of TLS 1.3 may be named, and are"
        + " spoken always; where no others are named, TLS 1.2 is not spoken. What can be given: "
        + CipherSuite.allCases.map(\.rawValue).joined(separator: ", ") + ".")
    let streams = flags.integer(
      "http2-max-streams-per-connection", default: 100, in: 1...1000,
      "Requests that a caller may have under way at once on one connection of HTTP/2.")
    let withoutHTTP2 = flags.bool("disable-http2-serving", "Serve HTTP/1.1 alone.")
    return { parsed throws(OptionsError) in
      if (parsed[certificate] == nil) != (parsed[key] == nil) {
        throw .missingFlag(parsed[key] == nil ? "--tls-private-key-file" : "--tls-cert-file")
      }
      if parsed[later], parsed[certificate] == nil { throw .missingFlag("--tls-cert-file") }
      return SecureServingOptions(
        port: UInt16(parsed[port]), bindAddress: parsed[address], certificateFile: parsed[certificate],
        privateKeyFile: parsed[key], filesMayComeLater: parsed[later], minimumVersion: parsed[version],
        cipherSuites: try read(suites: parsed[suites]), servesHTTP2: !parsed[withoutHTTP2],
        streamsPerConnection: parsed[streams])
    }
  }

  static let laterFlag = "tls-cert-may-come-later"
  private static let suitesFlag = "tls-cipher-suites"

  /// Nothing given, or nothing but commas, means all, as in Kubernetes.
  private static func read(suites lists: [String]) throws(OptionsError) -> [CipherSuite] {
    let names = lists.flatMap { $0.split { $0 == "," || $0 == " " } }.map(String.init)
    guard !names.isEmpty else { return CipherSuite.allCases }
    var suites: [CipherSuite] = []
    for name in names where !CipherSuite.alwaysSpoken.contains(name) {
      // Go's older names of two suites, which Kubernetes goes on taking.
      let full = name.hasSuffix("_CHACHA20_POLY1305") ? name + "_SHA256" : name
      guard let suite = CipherSuite(rawValue: full) else {
        throw .invalidValue(
          name, origin: "--\(suitesFlag)",
          expected: "suites with forward secrecy and AEAD, the others being insecure: "
            + (CipherSuite.allCases.map(\.rawValue) + CipherSuite.alwaysSpoken).joined(separator: ", "))
      }
      suites.append(suite)
    }
    return suites
  }
}

extension ValueType where Value == TLSServerContext.Version {
  /// Spelled as Go's `crypto/tls` does. `VersionTLS10` and `VersionTLS11` are refused: RFC 8996 deprecates them.
  static var tlsVersion: Self {
    ValueType(
      placeholder: "VersionTLS12|VersionTLS13",
      expectation: "VersionTLS12 or VersionTLS13, the older versions being insecure",
      parse: { text in
        switch text {
        case "VersionTLS12": .tls12
        case "VersionTLS13": .tls13
        default: nil
        }
      }, format: { $0 == .tls12 ? "VersionTLS12" : "VersionTLS13" })
  }
}
