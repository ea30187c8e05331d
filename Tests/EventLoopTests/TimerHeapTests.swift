import Testing

@testable import EventLoop

@Suite struct TimerHeapTests {
  @Test func `entries come out in the order in which they are due`() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<100 {
      var heap = TimerHeap<UInt64>()
      let dues = (0..<200).map { _ in UInt64.random(in: 0..<50, using: &generator) }
      for due in dues { heap.insert(due, due: MonotonicTime(nanoseconds: due)) }
      var popped: [UInt64] = []
      while let next = heap.popDue(at: .distantFuture) { popped.append(next) }
      #expect(popped == dues.sorted())
    }
  }

  @Test func `what is not yet due stays`() {
    var heap = TimerHeap<String>()
    heap.insert("late", due: MonotonicTime(nanoseconds: 20))
    heap.insert("soon", due: MonotonicTime(nanoseconds: 10))
    #expect(heap.popDue(at: MonotonicTime(nanoseconds: 9)) == nil)
    #expect(heap.popDue(at: MonotonicTime(nanoseconds: 10)) == "soon")
    #expect(heap.popDue(at: MonotonicTime(nanoseconds: 19)) == nil)
    #expect(heap.nextDue == MonotonicTime(nanoseconds: 20))
  }
}

@Suite struct MonotonicTimeTests {
  @Test func `adding saturates instead of wrapping around`() {
    #expect(MonotonicTime.distantFuture + .seconds(1) == .distantFuture)
    #expect(MonotonicTime(nanoseconds: 5) + .seconds(-1) == MonotonicTime(nanoseconds: 0))
    #expect(MonotonicTime(nanoseconds: 5) + .seconds(Int64.max) == MonotonicTime(nanoseconds: UInt64(Int64.max) + 5))
    #expect(MonotonicTime(nanoseconds: 0) + .milliseconds(1500) == MonotonicTime(nanoseconds: 1_500_000_000))
  }
}
