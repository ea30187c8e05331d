import Synchronization
import Testing

@testable import Kubernetes

struct RenewalTests {
  private final class Clock: Sendable {
    private let time = Mutex(ContinuousClock.now)
    var now: ContinuousClock.Instant { time.withLock { $0 } }
    func advance(by duration: Duration) { time.withLock { $0 += duration } }
  }

  @Test("A file is read again after a minute and not before")
  func minute() throws {
    let folder = try TemporaryFolder()
    let clock = Clock()
    let file = RereadFile(try folder.write("token", "one"), now: { clock.now })
    #expect(try file.content() == Array("one".utf8))
    try folder.write("token", "two")
    clock.advance(by: .seconds(59))
    #expect(try file.content() == Array("one".utf8))
    clock.advance(by: .seconds(1))
    #expect(try file.content() == Array("two".utf8))
  }

  @Test("A file above 1 MiB is refused")
  func largeFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("token", String(repeating: "x", count: (1 << 20) + 1))
    #expect(throws: ConfigurationError(path, "is larger than 1048576 bytes")) { try RereadFile.read(path) }
  }

  @Test(
    "A program that does not end in time is killed with what it started",
    arguments: ["sleep 60", "sleep 60 & wait", "exec >/dev/null 2>&1; sleep 60"])
  func deadline(script: String) async {
    let start = ContinuousClock.now
    await #expect(throws: ConfigurationError.self) {
      try await Subprocess.run(
        ["sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"], deadline: .milliseconds(200), source: "test")
    }
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test("A program finds nothing to read and no signal blocked")
  func surroundings() async throws {
    let script = "cat; grep SigBlk /proc/self/status; env | grep -v -E '^(PWD|_|SHLVL)='"
    let process = try await Subprocess.run(
      ["/bin/sh", "-c", script], environment: ["A": "b c"], deadline: .seconds(20), source: "test")
    #expect(String(decoding: process.standardOutput, as: UTF8.self) == "SigBlk:\t0000000000000000\nA=b c\n")
    #expect(process.status == 0)
  }
}
