import Glibc
import HTTP
import MetricsAPI

/// The request targets that were read last. Each has one place, by its bytes, and another target with the same place takes
/// it over: anybody may ask for anything, and nobody can make this grow, or slow. Belongs to one event loop.
final class TargetMemo {
  /// A power of two.
  private static let places = 1 << 9
  /// In bytes; longer targets are read each time.
  private static let maximumLength = 2048

  private struct Place {
    var bytes: [UInt8]
    var target: ReadTarget
  }

  private var known = [Place?](repeating: nil, count: places)
  /// Unlike that of any other process, so that nobody can choose who takes whose place.
  private let seed = UInt64.random(in: .min ... .max)

  /// Throws what reading the target throws; that is not remembered.
  func target(of head: RequestHead) throws(PathError) -> ReadTarget {
    let bytes = head.target
    guard bytes.count <= Self.maximumLength else { return try ReadTarget(head) }
    let index = bytes.withUnsafeBytes { Self.place(of: $0, seed: seed) }
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

  /// Eight bytes at a time: multiplied and folded, as FxHash does.
  private static func place(of bytes: UnsafeRawBufferPointer, seed: UInt64) -> Int {
    var hash = seed &+ UInt64(bytes.count)
    var offset = 0
    while offset + 8 <= bytes.count {
      hash = (hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
      offset += 8
    }
    while offset < bytes.count {
      hash = (hash ^ UInt64(bytes[offset])) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
      offset += 1
    }
    return Int(truncatingIfNeeded: hash >> 32) & (places - 1)
  }
}
