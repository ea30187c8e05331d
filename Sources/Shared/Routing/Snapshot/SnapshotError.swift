/// Why a snapshot file is rejected; the last good table then stays.
package enum SnapshotError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Larger than ``Snapshot/maximumLength``.
  case tooLarge(length: Int)
  /// The header is not one of this format.
  case notSnapshot
  /// Written by a controller of another format version.
  case unsupportedVersion(String)
  case wrongLength(stated: Int, found: Int)
  case wrongDigest
  /// The file is whole, but what it says cannot be used.
  case malformed(reason: String)

  package var description: String {
    switch self {
    case .tooLarge(let length): "the snapshot has \(length) bytes, more than \(Snapshot.maximumLength)"
    case .notSnapshot: "the file is not a routing table of metrics-router: is it truncated, or another file?"
    case .unsupportedVersion(let version):
      "the snapshot has format version \(version), this program reads version \(Snapshot.formatVersion): "
        + "run controller and server of the same release"
    case .wrongLength(let stated, let found): "the snapshot states \(stated) bytes and has \(found): it is truncated"
    case .wrongDigest: "the snapshot's SHA-256 does not match its content: it is damaged or was edited"
    case .malformed(let reason): "the snapshot is whole but cannot be used: \(reason)"
    }
  }
}
