import Glibc
import HTTP
import MetricsAPI

/// The request targets that were read last. Each has one place, by its bytes, and another target with the same place takes
/// it over: anybody may ask for anything, and nobody can make this grow, or slower than reading each target would be. Belongs
/// to one event loop.
final class TargetMemo {
  /// A power of two.
  private static let places = 1 << 11
  /// In bytes; longer targets are read each time.
  private static let maximumLength = 1024

  private struct Place {
    var bytes: [UInt8]
    var target: ReadTarget
  }

  private var known = [Place?](repeating: nil, count: places)

  /// Throws what reading the target throws; that is not remembered.
  func target(of head: RequestHead) throws(PathError) -> ReadTarget {
    let bytes = head.target
    guard bytes.count <= Self.maximumLength else { return try ReadTarget(head) }
    let index = Self.place(of: bytes)
    if let place = known[index], place.bytes.count == bytes.count, Self.isSame(place.bytes, bytes) {
      return place.target
    }
    let target = try ReadTarget(head)
    known[index] = Place(bytes: Array(bytes), target: target)
    return target
  }

  /// Another routing table is in force.
  func forgetDestinations() { for place in known { place?.target.forgetDestination() } }

  private static func isSame(_ left: [UInt8], _ right: ArraySlice<UInt8>) -> Bool {
    left.withUnsafeBytes { left in
      right.withUnsafeBytes { right in
        guard let start = left.baseAddress, let other = right.baseAddress else { return true }
        return memcmp(start, other, left.count) == 0
      }
    }
  }

  /// By Swift's hasher, whose seed differs from process to process.
  private static func place(of bytes: ArraySlice<UInt8>) -> Int {
    var hasher = Hasher()
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    return hasher.finalize() & (places - 1)
  }
}
