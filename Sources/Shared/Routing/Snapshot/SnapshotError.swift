/// Why a file is not taken as a routing table.
package enum SnapshotError: Error, Sendable, Equatable, CustomStringConvertible {
  case notASnapshot
  case unsupportedVersion(String)
  case wrongLength(announced: Int, found: Int)
  case wrongDigest
  case malformed(String)

  package var description: String {
    switch self {
    case .notASnapshot: "it does not begin like a routing table"
    case .unsupportedVersion(let version):
      "format version \(version) is not known here (expected \(SnapshotEnvelope.version))"
    case .wrongLength(let announced, let found): "it is \(found) bytes long, but says \(announced)"
    case .wrongDigest: "its SHA-256 does not match its content"
    case .malformed(let message): "its content is malformed: \(message)"
    }
  }
}
