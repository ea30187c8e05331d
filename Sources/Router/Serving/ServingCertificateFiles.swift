import EventLoop
import Glibc
import TLS
import Telemetry

/// The serving certificate: of the files given, else one made for this run.
enum ServingCertificateFiles {
  private static let selfSignedDays = 365
  private static let limit = 1 << 20

  static func load(_ options: RouterOptions, _ logger: Logger) throws(StartError) -> ServingCertificate {
    do {
      if let certificate = options.certificateFile, let key = options.privateKeyFile {
        return try ServingCertificate(
          certificatePEM: try FileContent.read(certificate), keyPEM: try FileContent.read(key), name: certificate)
      }
      logger.info("no --tls-cert-file: serving with a self-signed certificate")
      let names = ["metrics-apiserver.metrics-router.svc", "localhost", hostName(), "127.0.0.1", "::1"]
      return try ServingCertificate.selfSigned(names: names, days: selfSignedDays)
    } catch {
      throw StartError("\(error)")
    }
  }

  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "metrics-router" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
