import Testing

@testable import Telemetry

@Suite struct MetricsFamilyTests {
  private let registry = MetricsRegistry()

  private func value(_ name: String, _ labels: [String: String] = [:]) throws -> Double? {
    try MetricsText(registry.render()).value(name, labels)
  }

  @Test func `the same values are the same child`() {
    let family = registry.counter("a_total", help: "A.", labels: ["l", "m"])
    #expect(family.child("x", "y") === family.child(["x", "y"]))
    #expect(family.child("x", "y") !== family.child("y", "x"))
  }

  @Test func `a counter only grows`() {
    let counter = registry.counter("a_total", help: "A.")
    counter.add()
    counter.add(5)
    counter.add(-3)
    counter.add(0)
    #expect(counter.value == 6)
  }

  @Test func `a gauge goes up and down`() throws {
    let gauge = registry.gauge("a", help: "A.")
    gauge.add(5)
    gauge.subtract()
    #expect(gauge.value == 4)
    gauge.set(-7)
    #expect(try value("a") == -7)
  }

  @Test func `children beyond the limit are one, and those before it go on`() throws {
    let family = registry.counter("a_total", help: "A.", labels: ["l", "m"], limit: 3)
    for index in 0..<3 { family.child("\(index)", "x").add() }
    for index in 3..<100 { family.child("\(index)", "x").add() }
    family.child("0", "x").add()
    let samples = try MetricsText(registry.render())["a_total"]?.samples
    #expect(samples?.count == 4)
    #expect(try value("a_total", ["l": "other", "m": "other"]) == 97)
    #expect(try value("a_total", ["l": "0", "m": "x"]) == 2)
  }

  @Test func `a child removed is exposed no more, and makes room for another`() throws {
    let family = registry.gauge("a", help: "A.", labels: ["source", "kind"], limit: 2)
    let gone = family.child("gone", "x")
    gone.set(1)
    family.child("kept", "x").set(2)
    family.child("beyond", "x").set(3)
    family.remove { $0[0] == "gone" || $0[0] == "other" }
    gone.set(9)
    family.child("new", "x").set(4)
    let samples = try MetricsText(registry.render())["a"]?.samples
    #expect(samples?.map { $0.labels["source"] } == ["kept", "new", "other"])
    #expect(samples?.map(\.value) == [2, 4, 3])
    #expect(family.child("gone", "x") !== gone)
  }

  @Test func `a child that is named other by its caller is a child like any, until others are beyond the limit`() throws
  {
    let family = registry.counter("a_total", help: "A.", labels: ["l"], limit: 1)
    let other = family.child("other")
    other.add()
    family.remove { $0 == ["other"] }
    #expect(registry.render().isEmpty)
    let again = family.child("other")
    #expect(again !== other)
    again.add()
    #expect(family.child("second") === again)
  }

  @Test func `updates from many threads are all counted, while children come, go and are exposed`() throws {
    let counter = registry.counter("a_total", help: "A.", labels: ["l"])
    let gauge = registry.gauge("b", help: "B.")
    let histogram = registry.histogram("c_seconds", help: "C.", bounds: [.seconds(1)])
    let (threads, rounds) = (4, 2_000)
    let kept = counter.child("kept")
    let running = (0..<threads).map { thread in
      Thread {
        for round in 0..<rounds {
          kept.add()
          gauge.add(2)
          gauge.subtract()
          histogram.observe(.milliseconds(round % 2 == 0 ? 500 : 1500))
          counter.child("\(thread)-\(round % 10)").add()
          if round % 100 == 0 { counter.remove { $0[0].hasPrefix("\(thread)-") } }
        }
      }
    }
    for _ in 0..<20 { _ = try MetricsText(registry.render()) }
    for thread in running { thread.join() }
    #expect(kept.value == UInt64(threads * rounds))
    #expect(gauge.value == threads * rounds)
    let text = try MetricsText(registry.render())
    #expect(text.value("c_seconds_bucket", ["le": "1"]) == Double(threads * rounds / 2))
    #expect(text.value("c_seconds_count") == Double(threads * rounds))
    #expect(text.value("c_seconds_sum") == Double(threads * rounds))
  }
}
