import Glibc

/// A point on the clock that never jumps (CLOCK_MONOTONIC), in nanoseconds: deadlines survive a change of the wall clock.
package struct MonotonicTime: Sendable, Hashable, Comparable {
  package var nanoseconds: UInt64

  package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// Later than anything: no deadline.
  package static let distantFuture = MonotonicTime(nanoseconds: .max)

  package static func now() -> MonotonicTime {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
  }

  package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Saturates at ``distantFuture`` and at zero.
  package static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
    let (seconds, attoseconds) = duration.components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let delta = overflow ? (seconds < 0 ? Int64.min : Int64.max) : product &+ attoseconds / 1_000_000_000
    return time.advanced(nanoseconds: delta)
  }

  package func advanced(nanoseconds delta: Int64) -> MonotonicTime {
    if delta >= 0 {
      let (sum, overflow) = nanoseconds.addingReportingOverflow(UInt64(delta))
      return MonotonicTime(nanoseconds: overflow ? .max : sum)
    }
    let back = delta.magnitude
    return MonotonicTime(nanoseconds: back > nanoseconds ? 0 : nanoseconds - back)
  }

  /// How long after `earlier` this is; zero where it is not.
  package func since(_ earlier: MonotonicTime) -> Duration {
    .nanoseconds(nanoseconds > earlier.nanoseconds ? Int64(clamping: nanoseconds - earlier.nanoseconds) : 0)
  }
}
