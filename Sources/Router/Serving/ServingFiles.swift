import EventLoop
import Glibc
import TLS

/// The files that a serving certificate and its private key are read from.
struct ServingFiles: Sendable, Equatable {
  /// What was in both files.
  struct Content: Sendable, Equatable {
    var certificate: [UInt8]
    var key: [UInt8]
  }

  var certificate: String
  var key: String

  /// The folders in which a change of either file is seen: a Secret volume swaps the link `..data` in the folder that it
  /// is mounted at, next to the links that are its files.
  var folders: Set<String> { [FileContent.folder(of: certificate), FileContent.folder(of: key)] }

  /// The first one that is not there; nil where both are.
  var missing: String? { [certificate, key].first { access($0, F_OK) != 0 && errno == ENOENT } }

  func read() throws(SystemError) -> Content {
    Content(certificate: try FileContent.read(certificate), key: try FileContent.read(key))
  }

  /// Throws where the key does not belong to the certificate.
  func parse(_ content: Content) throws(TLSError) -> ServingCertificate {
    try ServingCertificate(certificatePEM: content.certificate, keyPEM: content.key, name: certificate)
  }
}
