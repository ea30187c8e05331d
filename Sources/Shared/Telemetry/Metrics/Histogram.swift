import Synchronization

/// How durations are distributed, exposed in seconds, or ratios, exposed as they are. Kept by whoever measures: an
/// observation is two atomic additions, since the sum is of whole nanoseconds, or of billionths.
package final class Histogram: Sendable {
  /// From a cached answer to one that times out.
  package static let defaultBounds: [Duration] = [
    .microseconds(500), .milliseconds(1), .microseconds(2500), .milliseconds(5), .milliseconds(10), .milliseconds(25),
    .milliseconds(50), .milliseconds(100), .milliseconds(250), .milliseconds(500), .seconds(1), .milliseconds(2500),
    .seconds(5), .seconds(10),
  ]

  let bounds: HistogramBounds
  // Sound: the pointer never changes, what it points to is atomic, and it is freed when nobody can reach it any more.
  private nonisolated(unsafe) let buckets: UnsafeMutablePointer<Atomic<UInt64>>
  private let sum = Atomic<UInt64>(0)

  init(_ bounds: HistogramBounds) {
    self.bounds = bounds
    buckets = .allocate(capacity: bounds.bucketCount)
    for index in 0..<bounds.bucketCount { (buckets + index).initialize(to: Atomic(0)) }
  }

  deinit {
    buckets.deinitialize(count: bounds.bucketCount)
    buckets.deallocate()
  }

  /// A negative duration counts as zero, and one beyond 292 years as that.
  package func observe(_ duration: Duration) { observe(nanoseconds: duration.wholeNanoseconds) }

  /// The same for a duration that is there in nanoseconds.
  package func observe(nanoseconds: UInt64) {
    buckets[bounds.bucket(of: nanoseconds)].wrappingAdd(1, ordering: .relaxed)
    sum.wrappingAdd(nanoseconds, ordering: .relaxed)
  }

  /// For a histogram of ratios: rounded to billionths; what is negative or no number counts as zero, and at most a million
  /// is taken.
  package func observe(ratio: Double) { observe(nanoseconds: HistogramBounds.billionths(of: ratio)) }

  /// How many observations there are, and their sum in nanoseconds or billionths; not necessarily of the same moment.
  package var total: (count: UInt64, nanoseconds: UInt64) {
    let (counts, nanoseconds) = state
    return (counts.reduce(0, &+), nanoseconds)
  }

  /// The observations in each bucket alone, from the shortest, and the sum of all in nanoseconds. Read one after another:
  /// the sum may know of an observation that no bucket knows yet, or the other way round.
  var state: (counts: [UInt64], nanoseconds: UInt64) {
    ((0..<bounds.bucketCount).map { buckets[$0].load(ordering: .relaxed) }, sum.load(ordering: .relaxed))
  }
}

/// Where the buckets of a histogram end; shared by all histograms of a family.
struct HistogramBounds: Sendable {
  /// Inclusive, ascending, in nanoseconds or billionths; a last bucket takes the rest.
  let nanoseconds: [UInt64]
  /// What follows the labels of each bucket's series: `le="0.005"`, and `le="+Inf"` for the last.
  let labels: [[UInt8]]

  /// Bounds must be above zero and ascend.
  init(_ bounds: [Duration]) {
    precondition(bounds.allSatisfy { $0 > .zero }, "the bounds of a histogram of durations are above zero: \(bounds)")
    self.init(nanoseconds: bounds.map(\.wholeNanoseconds))
  }

  /// Bounds of ratios must ascend; the first may be zero.
  init(ratios: [Double]) { self.init(nanoseconds: ratios.map(Self.billionths)) }

  private init(nanoseconds: [UInt64]) {
    precondition(
      zip(nanoseconds, nanoseconds.dropFirst()).allSatisfy { $0 < $1 },
      "the bounds of a histogram do not ascend: \(nanoseconds)")
    self.nanoseconds = nanoseconds
    labels = (nanoseconds.map { Double($0) / 1e9 } + [.infinity]).map { bound in
      var label = Array(#"le=""#.utf8)
      label.append(float: bound)
      label.append(UInt8(ascii: "\""))
      return label
    }
  }

  static func billionths(of ratio: Double) -> UInt64 {
    ratio > 0 ? UInt64((min(ratio, 1e6) * 1e9).rounded()) : 0
  }

  var bucketCount: Int { nanoseconds.count + 1 }

  func bucket(of value: UInt64) -> Int {
    var index = 0
    while index < nanoseconds.count, nanoseconds[index] < value { index += 1 }
    return index
  }
}

extension Duration {
  /// Rounded down; zero for a negative duration, and at most what 63 bits hold.
  fileprivate var wholeNanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return UInt64(Int64.max) }
    return UInt64(whole) + UInt64(attoseconds / 1_000_000_000)
  }
}
