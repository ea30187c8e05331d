import EventLoop

/// How many questions may be under way to the API server, and how many may begin in a second: random tokens and random
/// paths must not become a flood there. The rate is that of the client of a delegating API server
/// (`k8s.io/apiserver/pkg/server/options`, QPS 200 and burst 400), which lets a question wait for its turn; the places
/// bound how many wait, and thereby for how long: half a second. A value apart from clocks.
struct ReviewGate {
  struct Bounds: Sendable {
    /// Questions under way, those that wait for their turn included.
    var places = 100
    /// Of one caller, so that it cannot keep out the others.
    var placesOfCaller = 50
    var perSecond = 200
    /// How many may begin at once after a quiet time.
    var burst = 400
  }

  private let bounds: Bounds
  private let interval: Duration
  private let slack: Duration
  /// Places taken by each caller; those with none have no entry.
  private var placesTaken: [Int: Int] = [:]
  /// When the question after those so far would be due at an even pace.
  private var nextDue = MonotonicTime(nanoseconds: 0)
  private(set) var underWay = 0

  init(_ bounds: Bounds) {
    self.bounds = bounds
    interval = .seconds(1) / bounds.perSecond
    slack = interval * (bounds.burst - 1)
  }

  /// Takes a place, to be given back by ``leave(_:)``, and says how long to wait before asking; nil where there is none.
  /// `caller` stands for whoever asks: a hash will do.
  mutating func enter(_ caller: Int, at now: MonotonicTime) -> Duration? {
    guard underWay < bounds.places, placesTaken[caller, default: 0] < bounds.placesOfCaller else { return nil }
    underWay += 1
    placesTaken[caller, default: 0] += 1
    let due = max(nextDue, now)
    nextDue = due + interval
    return max(.zero, due.since(now) - slack)
  }

  mutating func leave(_ caller: Int) {
    underWay -= 1
    let left = placesTaken[caller, default: 1] - 1
    placesTaken[caller] = left > 0 ? left : nil
  }
}
