import Foundation
import Testing

@testable import EventLoop

@Suite struct FileContentTests {
  @Test func `a file is read whole`() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "content-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: url) }
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    try Data(bytes).write(to: url)
    #expect(try FileContent.read(url.path()) == bytes)
    #expect(throws: SystemError("read \(url.path())", code: EFBIG)) {
      try FileContent.read(url.path(), limit: 99_999)
    }
  }

  @Test func `what is no readable file is told by name`() {
    #expect(throws: SystemError("open /nowhere/file", code: ENOENT)) { try FileContent.read("/nowhere/file") }
    #expect(throws: SystemError("read /tmp", code: EISDIR)) { try FileContent.read("/tmp") }
  }

  @Test(arguments: [("/a/b", "/a"), ("/a", "/"), ("a", "."), ("a/b/c", "a/b")])
  func `a path lies in its folder`(_ path: String, _ folder: String) {
    #expect(FileContent.folder(of: path) == folder)
  }
}
