import HTTP
import MetricsAPI

/// What two sources said to one request, side by side. A value apart from I/O.
struct Comparison: Sendable, Equatable {
  enum Result: String, Sendable, CaseIterable {
    /// The same values within the tolerance, or the same refusal.
    case agreed
    case differed
    /// One of them has values that the other has not.
    case missing
    case primaryFailed = "primary_failed"
    case shadowFailed = "shadow_failed"
    case bothFailed = "both_failed"
  }

  /// What one of the two said.
  enum Side: Sendable, Equatable {
    case values(MetricValues)
    /// Anything but values, with the code that a caller would get.
    case failure(status: Int)

    /// A body that has no values in it is a failure as well.
    init(_ response: Response, _ group: MetricsGroup) {
      guard response.status == 200 else {
        self = .failure(status: response.status)
        return
      }
      do throws(MetricValues.Failure) {
        self = .values(try MetricValues(response.body, group))
      } catch {
        self = .failure(status: 502)
      }
    }
  }

  /// Two values of one item, as they were written.
  struct Difference: Sendable, Equatable {
    let item: String
    let primary: String
    let shadow: String
    let ratio: Double
  }

  let result: Result
  /// Of each item that both have, relative to the larger value.
  let ratios: [Double]
  /// Of the items that both have, the one that is farthest apart; nil where none is apart at all. Where items are missing
  /// without that, one of those.
  let largest: Difference?

  /// Values differ where they are farther apart than `tolerance`.
  init(_ primary: Side, _ shadow: Side, tolerance: Double) {
    switch (primary, shadow) {
    case (.values(let primary), .values(let shadow)): self.init(primary, shadow, tolerance)
    case (.values, .failure): self.init(.shadowFailed)
    case (.failure, .values): self.init(.primaryFailed)
    case (.failure(let primary), .failure(let shadow)):
      // Who asks for what there is not should be told so by both; two that are down prove nothing.
      self.init(primary == shadow && primary < 500 ? .agreed : .bothFailed)
    }
  }

  private init(_ result: Result) {
    self.result = result
    ratios = []
    largest = nil
  }

  private init(_ primary: MetricValues, _ shadow: MetricValues, _ tolerance: Double) {
    var ratios: [Double] = []
    var largest: Difference?
    var missing: Difference?
    for (item, left, right) in primary.paired(with: shadow) {
      guard let left, let right else {
        missing =
          missing ?? Difference(item: item, primary: left?.text ?? "", shadow: right?.text ?? "", ratio: .infinity)
        continue
      }
      let ratio = left.quantity.relativeDifference(to: right.quantity)
      ratios.append(ratio)
      if ratio > largest?.ratio ?? 0 {
        largest = Difference(item: item, primary: left.text, shadow: right.text, ratio: ratio)
      }
    }
    self.ratios = ratios
    self.largest = largest ?? missing
    result = missing != nil ? .missing : ratios.contains { $0 > tolerance } ? .differed : .agreed
  }
}
