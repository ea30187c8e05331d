import Testing

@testable import Kubernetes

struct WatchMachineTests {
  private typealias Machine = WatchMachine<String>
  private let now = Duration.zero

  private func watching() -> Machine {
    var machine = Machine()
    _ = machine.start()
    _ = machine.received(page: ["a"], version: "10", continueToken: nil, at: now, chance: 0.5)
    machine.watchOpened(at: now)
    return machine
  }

  @Test func itListsFromMemoryFirstAndThenWatches() {
    var machine = Machine()
    #expect(machine.start() == .list(resourceVersion: "0", continueToken: nil))
    let step = machine.received(page: ["a", "b"], version: "10", continueToken: nil, at: now, chance: 0.5)
    #expect(step.event == .replaced(["a", "b"]))
    #expect(step.next == .watch(from: "10"))
    #expect(step.delay == .zero)
  }

  @Test func theStoreIsReplacedOnlyByACompleteList() {
    var machine = Machine()
    _ = machine.start()
    let first = machine.received(page: ["a"], version: "10", continueToken: "t1", at: now, chance: 0.5)
    #expect(first.event == nil)
    #expect(first.next == .list(resourceVersion: "", continueToken: "t1"))
    let retried = machine.listFailed(.broken, at: now, chance: 0.5)
    #expect(retried.next == first.next)
    #expect(retried.delay == .milliseconds(400))
    let last = machine.received(page: ["b"], version: "10", continueToken: "", at: now, chance: 0.5)
    #expect(last.event == .replaced(["a", "b"]))
  }

  @Test func aPageWhoseTokenExpiredStartsTheListAnew() {
    var machine = Machine()
    _ = machine.start()
    _ = machine.received(page: ["a"], version: "10", continueToken: "t1", at: now, chance: 0.5)
    let step = machine.listFailed(.refused(code: 410, retryAfterSeconds: nil), at: now, chance: 0.5)
    #expect(step.next == .list(resourceVersion: "", continueToken: nil))
    #expect(step.delay == .zero)
    let whole = machine.received(page: ["b"], version: "12", continueToken: nil, at: now, chance: 0.5)
    #expect(whole.event == .replaced(["b"]))
  }

  @Test func aTokenRefusedOtherwiseStartsTheListAnewAfterAWait() {
    var machine = Machine()
    _ = machine.start()
    _ = machine.received(page: ["a"], version: "10", continueToken: "t1", at: now, chance: 0.5)
    let step = machine.listFailed(.refused(code: 400, retryAfterSeconds: nil), at: now, chance: 0.5)
    #expect(step.next == .list(resourceVersion: "", continueToken: nil))
    #expect(step.delay > .zero)
  }

  @Test func eventsAndBookmarksAdvanceTheVersion() {
    var machine = watching()
    #expect(machine.received(.applied("b"), version: "11", at: now, chance: 0.5).event == .applied("b"))
    #expect(machine.watchEnded(at: now, chance: 0.5).next == .watch(from: "11"))
    #expect(machine.received(.deleted("a"), version: "15", at: now, chance: 0.5).event == .deleted("a"))
    let bookmark = machine.receivedBookmark(version: "20")
    #expect(bookmark.event == nil && bookmark.next == nil)
    let step = machine.watchEnded(at: now, chance: 0.5)
    #expect(step.next == .watch(from: "20"))
    #expect(step.delay == .zero)
  }

  @Test func aBrokenWatchIsOpenedAgainFromWhereItStood() {
    var machine = watching()
    _ = machine.receivedBookmark(version: "20")
    let step = machine.watchFailed(.broken, at: now, chance: 0.5)
    #expect(step.next == .watch(from: "20"))
    #expect(step.delay == .milliseconds(400))
  }

  @Test func anExpiredVersionListsAnewAtOnceButNotInATightLoop() {
    var machine = watching()
    let gone = Machine.Failure.refused(code: 410, retryAfterSeconds: nil)
    let first = machine.watchFailed(gone, at: now, chance: 0.5)
    #expect(first.next == .list(resourceVersion: "", continueToken: nil))
    #expect(first.delay == .zero)
    _ = machine.received(page: ["c"], version: "30", continueToken: nil, at: now, chance: 0.5)
    #expect(machine.watchFailed(gone, at: now, chance: 0.5).delay > .zero)
    _ = machine.received(page: ["c"], version: "30", continueToken: nil, at: now, chance: 0.5)
    _ = machine.received(.applied("d"), version: "31", at: now, chance: 0.5)
    #expect(machine.watchFailed(gone, at: now, chance: 0.5).delay == .zero)
  }

  @Test(arguments: [429, 500, 503])
  func aBusyServerIsGivenTheTimeItAsksFor(code: Int) {
    var machine = watching()
    let step = machine.watchFailed(.refused(code: code, retryAfterSeconds: 7), at: now, chance: 0.5)
    #expect(step.next == .watch(from: "10"))
    #expect(step.delay == .seconds(7))
    var listing = Machine()
    let action = listing.start()
    let again = listing.listFailed(.refused(code: code, retryAfterSeconds: 9), at: now, chance: 0.5)
    #expect(again.next == action)
    #expect(again.delay == .seconds(9))
  }

  @Test func anAbsurdRetryAfterIsBounded() {
    var machine = watching()
    let step = machine.watchFailed(.refused(code: 429, retryAfterSeconds: 1_000_000), at: now, chance: 0.5)
    #expect(step.delay == .seconds(300))
  }

  @Test func aForbiddenWatchListsAnewAfterAWait() {
    var machine = watching()
    let step = machine.watchFailed(.refused(code: 403, retryAfterSeconds: nil), at: now, chance: 0.5)
    #expect(step.next == .list(resourceVersion: "", continueToken: nil))
    #expect(step.delay > .zero)
  }

  @Test func aWatchThatEndsAtOnceIsWaitedFor() {
    var machine = watching()
    #expect(machine.watchEnded(at: now + .milliseconds(10), chance: 0.5).delay > .zero)
    #expect(machine.watchEnded(at: now + .seconds(300), chance: 0.5).delay == .zero)
  }

  @Test func anEventOutOfOrderIsNotAppliedButListsAnew() {
    var machine = watching()
    let step = machine.received(.applied("old"), version: "9", at: now, chance: 0.5)
    #expect(step.event == nil)
    #expect(step.next == .list(resourceVersion: "", continueToken: nil))
  }

  @Test func `watches that break off are no reason to wait longer each time, as long as each brings events`() {
    var machine = watching()
    var delays: [Duration] = []
    for turn in 0..<6 {
      _ = machine.received(.applied("a"), version: "\(20 + turn)", at: now, chance: 1)
      delays.append(machine.watchFailed(.broken, at: now, chance: 1).delay)
      machine.watchOpened(at: now)
    }
    #expect(delays == Array(repeating: .milliseconds(800), count: 6))
    // Without one in between they are.
    #expect(machine.watchFailed(.broken, at: now, chance: 1).delay == .milliseconds(1600))
  }

  @Test func versionsThatAreNoNumbersAreNotCompared() {
    var machine = watching()
    #expect(machine.received(.applied("b"), version: "abc", at: now, chance: 0.5).event == .applied("b"))
    #expect(machine.watchEnded(at: now, chance: 0.5).next == .watch(from: "abc"))
  }

  @Test func aListWithoutAVersionIsNotBelieved() {
    var machine = Machine()
    _ = machine.start()
    let step = machine.received(page: ["a"], version: "", continueToken: nil, at: now, chance: 0.5)
    #expect(step.event == nil)
    #expect(step.next == .list(resourceVersion: "0", continueToken: nil))
    #expect(step.delay > .zero)
  }
}
