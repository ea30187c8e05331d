import Glibc
import Telemetry
import Testing

/// A pipe in place of standard error.
private struct Pipe {
  let reader: Int32
  let writer: Int32

  init() throws {
    var descriptors: [Int32] = [-1, -1]
    try #require(pipe(&descriptors) == 0)
    (reader, writer) = (descriptors[0], descriptors[1])
  }

  /// Reads until all writing ends are closed.
  func readToEnd() -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(reader, &chunk, chunk.count)
      guard count > 0 else { return bytes }
      bytes += chunk.prefix(count)
    }
  }

  func close() {
    Glibc.close(reader)
    Glibc.close(writer)
  }
}

private func lossReport(_ count: Int) -> [UInt8] { Array("lost \(count)\n".utf8) }

@Suite struct LogWriterTests {
  @Test func `flush returns when every line is out, in order`() throws {
    let pipe = try Pipe()
    let writer = LogWriter(descriptor: pipe.writer, lossReport: lossReport)
    let lines = (0..<500).map { "line \($0)\n" }
    for line in lines { writer.write(Array(line.utf8)) }
    #expect(writer.flush(atMost: .seconds(30)))
    close(pipe.writer)
    #expect(String(decoding: pipe.readToEnd(), as: UTF8.self) == lines.joined())
    close(pipe.reader)
  }

  @Test func `flush of an idle writer returns at once`() throws {
    let pipe = try Pipe()
    defer { pipe.close() }
    let writer = LogWriter(descriptor: pipe.writer, lossReport: lossReport)
    #expect(writer.flush(atMost: .zero))
  }

  @Test func `a reader that does not read costs lines, not time, and the loss is told`() throws {
    let pipe = try Pipe()
    let capacityOfPipes = 65_536
    let filler = [UInt8](repeating: UInt8(ascii: "\n"), count: capacityOfPipes)
    try #require(Glibc.write(pipe.writer, filler, filler.count) == filler.count)
    let writer = LogWriter(descriptor: pipe.writer, capacity: 10_000, lossReport: lossReport)
    let line = Array((String(repeating: "x", count: 999) + "\n").utf8)
    let count = 2_000
    for _ in 0..<count { writer.write(line) }
    #expect(!writer.flush(atMost: .milliseconds(1)))

    let descriptor = pipe.reader
    let drained = Thread { Pipe.count(from: descriptor) }
    #expect(writer.flush(atMost: .seconds(30)))
    close(pipe.writer)
    let (written, lost) = drained.join()
    #expect(lost > 0)
    #expect(written + lost == count)
    close(pipe.reader)
  }

  @Test func `a closed reader ends nothing`() throws {
    signal(SIGPIPE, SIG_IGN)
    let pipe = try Pipe()
    close(pipe.reader)
    let writer = LogWriter(descriptor: pipe.writer, lossReport: lossReport)
    writer.write(Array("into the void\n".utf8))
    #expect(writer.flush(atMost: .seconds(30)))
    close(pipe.writer)
  }

  @Test func `many threads write whole lines`() async throws {
    let pipe = try Pipe()
    let writer = LogWriter(descriptor: pipe.writer, lossReport: lossReport)
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask { for index in 0..<50 { writer.write(Array("\(task):\(index)\n".utf8)) } }
      }
    }
    #expect(writer.flush(atMost: .seconds(30)))
    close(pipe.writer)
    let lines = String(decoding: pipe.readToEnd(), as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(Set(lines) == Set((0..<8).flatMap { task in (0..<50).map { "\(task):\($0)" } }))
    #expect(lines.count == 400)
    close(pipe.reader)
  }

  @Test func `lines written before the writer goes still come out`() throws {
    let pipe = try Pipe()
    do {
      let writer = LogWriter(descriptor: pipe.writer, lossReport: lossReport)
      writer.write(Array("last\n".utf8))
    }
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = read(pipe.reader, &bytes, bytes.count)
    #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self) == "last\n")
    pipe.close()
  }
}

extension Pipe {
  /// How many lines came, and how many were reported lost, until all writing ends are closed.
  fileprivate static func count(from descriptor: Int32) -> (written: Int, lost: Int) {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk.prefix(count)
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let reports = lines.filter { $0.hasPrefix("lost ") }
    return (lines.count - reports.count, reports.reduce(0) { $0 + (Int($1.dropFirst(5)) ?? 0) })
  }
}
