import Foundation
import Testing

@testable import EventLoop

/// Folders laid out as control groups are.
@Suite struct ContainerLimitsTests {
  private func withRoot(_ files: [String: String], _ body: (String) -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "limits-\(UUID())")
    defer { try? FileManager.default.removeItem(at: root) }
    for (name, text) in files {
      let file = root.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    body(root.path())
  }

  @Test(
    arguments: [
      (["memory.max": "536870912\n"], 536_870_912), (["memory.max": "max\n"], nil), ([:], nil),
      (["memory/memory.limit_in_bytes": "268435456\n"], 268_435_456),
      (["memory/memory.limit_in_bytes": "9223372036854771712\n"], nil), (["memory.max": ""], nil),
    ] as [([String: String], Int?)])
  func `memory is bounded as either version of control groups says`(_ files: [String: String], _ bytes: Int?) throws {
    try withRoot(files) { #expect(ContainerLimits.memory(root: $0) == bytes) }
  }

  @Test func `a quota bounds the processors, rounded up`() throws {
    try withRoot([:]) { root in
      let all = ContainerLimits.processors(root: root)
      #expect(all >= 1)
      #expect(all <= ProcessInfo.processInfo.processorCount)
    }
    for text in ["50000 100000\n", "100000 100000\n", "1000 100000\n"] {
      try withRoot(["cpu.max": text]) { #expect(ContainerLimits.processors(root: $0) == 1) }
    }
    try withRoot(["cpu/cpu.cfs_quota_us": "20000\n", "cpu/cpu.cfs_period_us": "100000\n"]) {
      #expect(ContainerLimits.processors(root: $0) == 1)
    }
    for files in [["cpu.max": "max 100000\n"], ["cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"]] {
      try withRoot([:]) { bare in
        let all = ContainerLimits.processors(root: bare)
        try? withRoot(files) { #expect(ContainerLimits.processors(root: $0) == all) }
      }
    }
  }
}
