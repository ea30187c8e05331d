import Testing

@testable import Kubernetes

struct JSONLineDecoderTests {
  private let text = Array("{\"a\":\"ä\"}\n{}\n\n{\"b\":[1,2]}\n".utf8)
  private let expected = ["{\"a\":\"ä\"}", "{}", "{\"b\":[1,2]}"]

  private func lines(_ pieces: [[UInt8]]) throws -> [String] {
    var decoder = JSONLineDecoder()
    var lines: [String] = []
    for piece in pieces {
      decoder.append(piece)
      while let line = try decoder.next() { lines.append(String(decoding: line, as: UTF8.self)) }
    }
    #expect(!decoder.hasPartialLine)
    return lines
  }

  @Test func aCutAtAnyTwoOffsetsChangesNothing() throws {
    for first in 0...text.count {
      for second in first...text.count {
        let pieces = [Array(text[..<first]), Array(text[first..<second]), Array(text[second...])]
        #expect(try lines(pieces) == expected)
      }
    }
  }

  @Test func bytesOneByOneChangeNothing() throws {
    #expect(try lines(text.map { [$0] }) == expected)
  }

  @Test func anUnfinishedLineIsToldFromACleanEnd() throws {
    var decoder = JSONLineDecoder()
    decoder.append(Array("{}\n{\"a".utf8))
    #expect(try decoder.next() == Array("{}".utf8))
    #expect(try decoder.next() == nil)
    #expect(decoder.hasPartialLine)
  }

  @Test func aLineAboveTheLimitIsRefusedEvenBeforeItEnds() throws {
    var exact = JSONLineDecoder(limit: 4)
    exact.append(Array("1234\n".utf8))
    #expect(try exact.next() == Array("1234".utf8))
    exact.append(Array("12345".utf8))
    #expect(throws: JSONLineDecoder.LineTooLong(limit: 4)) { try exact.next() }
    var whole = JSONLineDecoder(limit: 4)
    whole.append(Array("12345\n".utf8))
    #expect(throws: JSONLineDecoder.LineTooLong(limit: 4)) { try whole.next() }
  }
}
