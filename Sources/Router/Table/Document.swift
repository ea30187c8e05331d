import Compression
import MetricsAPI
import Routing

/// A document that is served as it is to whoever asks for it: made once, and shared by all answers.
final class Document: Sendable {
  let body: [UInt8]
  let contentType: String
  /// SHA-256 of the body, in hexadecimal digits; nil where OpenSSL cannot compute it.
  let hash: String?
  /// The hash as an entity tag, in quotes. API servers take a longer one, but callers only ever compare it.
  let etag: String?
  /// The body in gzip, where that is worth it.
  let gzipped: [UInt8]?

  init(_ body: [UInt8], contentType: String = MediaType.json.name) {
    self.body = body
    self.contentType = contentType
    hash = SHA256Digest.hexadecimal(body[...]).map { String(decoding: $0, as: UTF8.self) }
    etag = hash.map { "\"\($0)\"" }
    // Without memory for it, the body is sent as it is.
    gzipped = body.count > ContentCoding.threshold ? try? Gzip.compress(body) : nil
  }

  /// Above this many bytes a document is had as it is alone: to write it anew, as YAML or indented, would hold up
  /// everything else that an event loop has to do.
  static let maximumConvertedBytes = 1 << 20

  /// What the document can be had in.
  var types: MediaTypes { body.count > Self.maximumConvertedBytes ? .json : .written }
}
