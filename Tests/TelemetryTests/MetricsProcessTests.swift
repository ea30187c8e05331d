import Glibc
import Testing

@testable import Telemetry

@Suite struct MetricsProcessTests {
  private func text() throws -> MetricsText {
    let registry = MetricsRegistry()
    ProcessMetrics.register(in: registry, version: "1.2.3", component: "metrics-router-test")
    return try MetricsText(registry.render())
  }

  @Test func `a process tells what it uses, and which build it is`() throws {
    let text = try text()
    #expect(
      text.families.map { "\($0.name) \($0.type)" } == [
        "metrics_router_build_info gauge", "process_cpu_seconds_total counter", "process_max_fds gauge",
        "process_open_fds gauge", "process_resident_memory_bytes gauge", "process_start_time_seconds gauge",
        "process_virtual_memory_bytes gauge",
      ])
    #expect(text.value("metrics_router_build_info", ["version": "1.2.3", "component": "metrics-router-test"]) == 1)
    let resident = try #require(text.value("process_resident_memory_bytes"))
    let virtual = try #require(text.value("process_virtual_memory_bytes"))
    #expect(resident > 1_000_000 && resident < virtual)
    #expect(try #require(text.value("process_max_fds")) >= #require(text.value("process_open_fds")))
  }

  @Test func `the start lies in the past, and not before the machine's`() throws {
    let start = try #require(text().value("process_start_time_seconds"))
    let now = Double(LogTime.now().seconds)
    #expect(start <= now + 1 && start > now - 86_400)
    #expect(try #require(ProcessStatus.bootTime()) <= Int(start))
  }

  @Test func `a descriptor opened is counted, and processor time spent too`() throws {
    let before = try text()
    let descriptors = (0..<10).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
    defer { for descriptor in descriptors { close(descriptor) } }
    var sum = 0
    let clock = ContinuousClock.now
    while ContinuousClock.now - clock < .milliseconds(200) { sum &+= 1 }
    let after = try text()
    // Other tests may open and close some at the same time.
    let opened = try #require(after.value("process_open_fds")) - #require(before.value("process_open_fds"))
    #expect(opened >= 5)
    #expect(
      try #require(after.value("process_cpu_seconds_total")) > #require(before.value("process_cpu_seconds_total")))
  }

  @Test func `the name of an executable may hold anything`() {
    let rest =
      "S 1 2 2 0 -1 4194560 6 0 0 0 150 50 0 0 20 0 1 0 12345 1000000 200 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17"
    let status = ProcessStatus("7 (a) R (b c) \(rest)\n", ticksPerSecond: 100, pageBytes: 4096)
    #expect(status?.processorSeconds == 2)
    #expect(status?.startedAfterBoot == 123.45)
    #expect(status?.virtualBytes == 1_000_000)
    #expect(status?.residentBytes == 200 * 4096)
  }

  @Test(arguments: ["", "7", "7 (a)", "7 (a) S 1 2 3", "7 (a) S 1 2 2 0 -1 4194560 6 0 0 0 x 50 0 0 20 0 1 0 1 1 1"])
  func `text of another form is no status`(text: String) {
    #expect(ProcessStatus(text, ticksPerSecond: 100, pageBytes: 4096) == nil)
  }
}
