@testable import HTTP

extension FuzzTarget {
  /// Heads of HTTP/1 requests, one behind another as on one connection.
  static let http1Request = FuzzTarget(name: "http1-request", maximumLength: 4096) { input in
    var pieces = Pieces(of: input)
    let whole = RequestReading(input, ends: [input.count])
    let cut = RequestReading(input, ends: pieces.ends(of: input.count))
    require(whole == cut, "requests are framed the same however they arrive")
    for head in whole.heads { check(head) }
  }

  /// What RFC 9112 asks of every request that is let through.
  private static func check(_ head: RequestHead) {
    let headers = head.headers
    for (before, byte) in zip([0] + headers.bytes, headers.bytes) {
      require(before != 0x0d || byte == 0x0a, "no bare CR")
      require(byte != 0x0a || before == 0x0d, "no bare LF")
      require(byte >= 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09, "no control character")
    }
    let isVersion11 = headers.bytes.split(separator: 0x0d, maxSplits: 1).first?.last == UInt8(ascii: "1")
    require(!isVersion11 || headers.count(of: "host") == 1, "one Host")
    let lengths = headers.all("content-length")
    let encodings = headers.all("transfer-encoding")
    require(lengths.count + encodings.count <= 1, "one statement about the body's length")
    if let length = lengths.first {
      let digits = String(decoding: length, as: UTF8.self)
      require(head.hasBody == (digits.contains { $0 != "0" }), "a body where its length is not 0")
      require(digits.utf8.allSatisfy { (0x30...0x39).contains($0) }, "a length of digits alone")
    } else {
      require(head.hasBody == !encodings.isEmpty, "a body where the fields say so")
    }
    require(head.path.first == UInt8(ascii: "/") || head.path.elementsEqual("*".utf8), "origin form")
    require(head.target.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "a target without spaces")
    require(!head.path.contains(UInt8(ascii: "?")), "a path that ends before the query")
  }
}

/// What a connection makes of its bytes up to the first request that it would not read on behind.
private struct RequestReading: Equatable {
  private(set) var heads: [RequestHead] = []
  private var consumed: [Int] = []
  private var failure: MessageError?

  private static let limit = 1024

  init(_ input: UnsafeRawBufferPointer, ends: [Int]) {
    var parser = HTTP1RequestParser(limit: Self.limit)
    var start = 0
    for end in ends {
      do throws(MessageError) {
        while start < end {
          let rest = UnsafeRawBufferPointer(rebasing: input[start..<end])
          guard case .complete(let head, let count) = try parser.parse(rest) else { break }
          require(count > 0 && count <= rest.count, "takes what it was given")
          heads.append(head)
          consumed.append(count)
          start += count
          if head.hasBody || !head.keepsAlive { return }
        }
      } catch {
        failure = error
        return
      }
    }
  }

  static func == (left: RequestReading, right: RequestReading) -> Bool {
    left.consumed == right.consumed && left.failure == right.failure
      && zip(left.heads, right.heads).allSatisfy { left, right in
        left.method == right.method && left.path == right.path && left.query == right.query
          && left.headers.bytes == right.headers.bytes && left.headers.fields == right.headers.fields
          && left.hasBody == right.hasBody && left.keepsAlive == right.keepsAlive
      }
  }
}
