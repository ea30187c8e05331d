import Testing

@testable import Kubernetes

struct BackoffTests {
  private let start = Duration.zero

  @Test func theLongestWaitDoublesUpToTheCap() {
    var backoff = Backoff()
    var waits: [Duration] = []
    for _ in 0..<8 { waits.append(backoff.next(at: start, chance: 1)) }
    #expect(waits == [800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000].map { .milliseconds($0) })
  }

  @Test func aWaitIsDrawnFromTheWholeRange() {
    var backoff = Backoff()
    #expect(backoff.next(at: start, chance: 0) == .zero)
    #expect(backoff.next(at: start, chance: 0.5) == .milliseconds(800))
  }

  @Test func twoHealthyMinutesStartItAnew() {
    var backoff = Backoff()
    for _ in 0..<10 { _ = backoff.next(at: start, chance: 1) }
    #expect(backoff.next(at: start + .seconds(119), chance: 1) == .seconds(30))
    #expect(backoff.next(at: start + .seconds(119 + 121), chance: 1) == .milliseconds(800))
  }

  @Test func itSurvivesAnEndlessOutage() {
    var backoff = Backoff()
    for _ in 0..<100 { #expect(backoff.next(at: start, chance: 0.999) <= .seconds(30)) }
  }
}
