import EventLoop
import Testing

@testable import metrics_router_server

@Suite struct ReviewTableTests {
  private func time(_ seconds: Int) -> MonotonicTime { MonotonicTime(nanoseconds: UInt64(seconds) * 1_000_000_000) }

  private func table(entries: Int = 3, bytes: Int = 1 << 20) -> ReviewTable<String, Int> {
    ReviewTable(.init(entries: entries, bytes: bytes))
  }

  @Test func `an answer counts until it expires, and not a moment longer`() {
    var table = table()
    table.insert("a", 1, size: 1, expires: time(10), at: time(0))
    #expect(table.answer(to: "a", at: time(9))?.answer == 1)
    #expect(table.answer(to: "a", at: time(9))?.expires == time(10))
    #expect(table.answer(to: "a", at: time(10)) == nil)
    #expect(table.count == 0)
    #expect(table.bytes == 0)
  }

  @Test func `what counts for no time is not remembered`() {
    var table = table()
    table.insert("a", 1, size: 1, expires: time(5), at: time(5))
    #expect(table.count == 0)
  }

  @Test func `the least recently used leaves first`() {
    var table = table()
    for (answer, question) in ["a", "b", "c"].enumerated() {
      table.insert(question, answer, size: 1, expires: time(100), at: time(0))
    }
    #expect(table.answer(to: "a", at: time(1)) != nil)
    table.insert("d", 3, size: 1, expires: time(100), at: time(1))
    #expect(table.answer(to: "b", at: time(1)) == nil)
    for question in ["a", "c", "d"] { #expect(table.answer(to: question, at: time(1)) != nil) }
  }

  @Test func `a flood of new questions does not drive out what is asked again and again`() {
    var table = table(entries: 100)
    table.insert("used", 0, size: 1, expires: time(100), at: time(0))
    for number in 0..<10_000 {
      table.insert("random \(number)", number, size: 1, expires: time(100), at: time(1))
      if number % 50 == 0 { #expect(table.answer(to: "used", at: time(1)) != nil) }
    }
    #expect(table.count == 100)
  }

  @Test func `bytes are bounded too`() {
    var table = table(entries: 1000, bytes: 10_000)
    for number in 0..<100 {
      table.insert("\(number)", number, size: 1000, expires: time(100), at: time(0))
      #expect(table.bytes <= 10_000)
    }
    #expect((7...9).contains(table.count))
    #expect(table.answer(to: "99", at: time(1))?.answer == 99)
  }

  @Test func `one that is too large is not remembered and drives out nobody`() {
    var table = table()
    table.insert("a", 1, size: 1, expires: time(100), at: time(0))
    table.insert("large", 2, size: 17 * 1024, expires: time(100), at: time(0))
    #expect(table.answer(to: "large", at: time(1)) == nil)
    #expect(table.answer(to: "a", at: time(1)) != nil)
  }

  @Test func `a newer answer takes the place of an older one`() {
    var table = table()
    table.insert("a", 1, size: 100, expires: time(10), at: time(0))
    table.insert("a", 2, size: 50, expires: time(20), at: time(5))
    #expect(table.answer(to: "a", at: time(15))?.answer == 2)
    #expect(table.count == 1)
  }

  @Test func `what has expired goes with what comes, without being asked for`() {
    var table = table(entries: 1000)
    for number in 0..<500 { table.insert("old \(number)", number, size: 1, expires: time(10), at: time(0)) }
    for number in 0..<250 { table.insert("new \(number)", number, size: 1, expires: time(100), at: time(20)) }
    #expect(table.count == 250)
  }

  /// Against a table that is written the simple way.
  @Test func `it behaves as a list in the order of use would`() {
    struct Entry {
      var question: Int
      var answer: Int
      var expires: Int
    }
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let capacity = Int.random(in: 1...8, using: &generator)
      var table = ReviewTable<Int, Int>(.init(entries: capacity, bytes: 1 << 20))
      var model: [Entry] = []
      var now = 0
      for step in 0..<200 {
        now += Int.random(in: 0...1, using: &generator)
        let question = Int.random(in: 0..<12, using: &generator)
        if Bool.random(using: &generator) {
          let expires = now + Int.random(in: 0...20, using: &generator)
          table.insert(question, step, size: 1, expires: time(expires), at: time(now))
          model.removeAll { $0.question == question }
          if expires > now {
            if model.count >= capacity { model.removeFirst() }
            for _ in 0..<2 where model.first.map({ $0.expires <= now }) == true { model.removeFirst() }
            model.append(Entry(question: question, answer: step, expires: expires))
          }
        } else {
          let found = table.answer(to: question, at: time(now))?.answer
          var expected: Int?
          if let index = model.firstIndex(where: { $0.question == question }) {
            let entry = model.remove(at: index)
            if entry.expires > now {
              expected = entry.answer
              model.append(entry)
            }
          }
          #expect(found == expected)
        }
        #expect(table.count == model.count)
      }
    }
  }
}
