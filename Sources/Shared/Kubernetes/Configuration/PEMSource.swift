/// Certificates or a key in PEM, given in place or by a file that may be renewed.
package enum PEMSource: Sendable {
  case data([UInt8])
  case file(RereadFile)

  /// The PEM text, of a file at most a minute old.
  package func bytes() throws(ConfigurationError) -> [UInt8] {
    switch self {
    case .data(let bytes): bytes
    case .file(let file): try file.content()
    }
  }

  /// Reads it once, so that a missing or foreign file is named at start and not at the first request.
  func check(_ source: String) throws(ConfigurationError) {
    let text = String(decoding: try bytes(), as: UTF8.self)
    guard text.contains("-----BEGIN ") else { throw ConfigurationError(source, "holds no PEM block") }
  }

  func invalidate() {
    if case .file(let file) = self { file.invalidate() }
  }
}
