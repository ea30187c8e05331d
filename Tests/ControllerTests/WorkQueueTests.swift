import Testing

@testable import metrics_router_controller

@Suite struct WorkQueueTests {
  @Test func `a key added twice is taken once`() {
    var queue = WorkQueue<String>()
    queue.add("a")
    queue.add("a")
    #expect(queue.take(at: .zero) == "a")
    #expect(queue.take(at: .zero) == nil)
  }

  @Test func `a key added while it is processed is processed again afterwards, and never at the same time`() {
    var queue = WorkQueue<String>()
    queue.add("a")
    #expect(queue.take(at: .zero) == "a")
    queue.add("a")
    #expect(queue.take(at: .zero) == nil)
    queue.finish("a")
    #expect(queue.take(at: .zero) == "a")
    queue.finish("a")
    #expect(queue.take(at: .zero) == nil)
  }

  @Test func `a delayed key waits for its time`() {
    var queue = WorkQueue<String>()
    queue.add("late", at: .seconds(10))
    queue.add("soon", at: .seconds(5))
    #expect(queue.nextDue == .seconds(5))
    #expect(queue.take(at: .seconds(4)) == nil)
    #expect(queue.take(at: .seconds(5)) == "soon")
    #expect(queue.nextDue == .seconds(10))
  }

  @Test func `its depth is the number of keys that may be taken`() {
    var queue = WorkQueue<String>()
    queue.add("a")
    queue.add("b")
    queue.add("a")
    queue.add("late", at: .seconds(10))
    #expect(queue.depth == 2)
    _ = queue.take(at: .zero)
    #expect(queue.depth == 1)
    queue.forget("b")
    #expect(queue.depth == 0)
  }

  @Test func `of two times the earlier counts, and at once comes before both`() {
    var queue = WorkQueue<String>()
    queue.add("a", at: .seconds(5))
    queue.add("a", at: .seconds(9))
    #expect(queue.nextDue == .seconds(5))
    queue.add("a")
    #expect(queue.nextDue == nil)
    #expect(queue.take(at: .zero) == "a")
  }

  @Test func `a forgotten key is not taken`() {
    var queue = WorkQueue<String>()
    queue.add("a")
    queue.add("b", at: .seconds(1))
    queue.forget("a")
    queue.forget("b")
    #expect(queue.take(at: .seconds(2)) == nil)
  }

  @Test func `whatever happens, no key is under way twice and none that was added is lost`() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      var queue = WorkQueue<Int>()
      var now = Duration.zero
      var underWay: Set<Int> = []
      var owed: Set<Int> = []
      for _ in 0..<300 {
        let key = Int.random(in: 0..<5, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
          queue.add(key)
          owed.insert(key)
        case 1:
          queue.add(key, at: now + .seconds(Int.random(in: 0..<5, using: &generator)))
          owed.insert(key)
        case 2:
          if let taken = queue.take(at: now) {
            #expect(underWay.insert(taken).inserted)
            owed.remove(taken)
          }
        default:
          if let done = underWay.randomElement(using: &generator) {
            underWay.remove(done)
            queue.finish(done)
          }
          now += .seconds(1)
        }
      }
      for key in underWay { queue.finish(key) }
      while let key = queue.take(at: now + .seconds(100)) {
        owed.remove(key)
        queue.finish(key)
      }
      #expect(owed.isEmpty)
    }
  }
}
