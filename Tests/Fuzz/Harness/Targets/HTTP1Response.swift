@testable import HTTP

extension FuzzTarget {
  /// Answers of backends in HTTP/1.
  static let http1Response = FuzzTarget(name: "http1-response", maximumLength: 8192) { input in
    var pieces = Pieces(of: input)
    let whole = AnswerReading(input, ends: [input.count])
    let cut = AnswerReading(input, ends: pieces.ends(of: input.count))
    require(whole == cut, "an answer is framed the same however it arrives")
    guard let answer = whole.answer else { return }
    require((200...599).contains(answer.status), "a final status")
    require(answer.body.count <= AnswerReading.bodyLimit, "a body within its bound")
    let hasNoBody = answer.status == 204 || answer.status == 304
    if hasNoBody { require(answer.body.isEmpty, "no body with \(answer.status)") }
    if let length = answer.headers.first("content-length"), !hasNoBody {
      require(
        String(decoding: length, as: UTF8.self).drop { $0 == "0" }
          == (answer.body.isEmpty ? "" : "\(answer.body.count)"), "a body as long as its head says")
    }
    let again = chunked(answer.body, &pieces)
    again.withUnsafeBytes { bytes in
      let reading = AnswerReading(bytes, ends: pieces.ends(of: bytes.count))
      require(reading.answer?.body == answer.body, "a body is the same in chunks of any size")
    }
  }

  private static func chunked(_ body: [UInt8], _ pieces: inout Pieces) -> [UInt8] {
    var text = Array("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".utf8)
    var start = 0
    for end in pieces.ends(of: body.count) {
      text += String(end - start, radix: 16, uppercase: end & 1 == 0).utf8
      text += (end & 2 == 0 ? "\r\n" : ";name=value\r\n").utf8
      text += body[start..<end] + [0x0d, 0x0a]
      start = end
    }
    return text + Array("0\r\n\r\n".utf8)
  }
}

/// What a connection to a backend makes of the bytes that come.
private struct AnswerReading: Equatable {
  private(set) var answer: HTTP1ResponseParser.Answer?
  private var isRefused = false
  /// Behind the answer.
  private var rest = 0

  static let bodyLimit = 4096

  init(_ input: UnsafeRawBufferPointer, ends: [Int]) {
    var parser = HTTP1ResponseParser(headLimit: 1024, bodyLimit: Self.bodyLimit)
    var start = 0
    for end in ends {
      let piece = UnsafeRawBufferPointer(rebasing: input[start..<end])
      guard let count = try? parser.parse(piece) else {
        isRefused = true
        return
      }
      require(count >= 0 && count <= piece.count, "takes what it was given")
      start += count
      if let result = parser.result {
        answer = result
        rest = input.count - start
        return
      }
    }
  }

  /// Of what is refused in one piece, the beginning may be refused for another reason.
  static func == (left: AnswerReading, right: AnswerReading) -> Bool {
    left.isRefused == right.isRefused && left.rest == right.rest && left.answer?.status == right.answer?.status
      && left.answer?.headers.bytes == right.answer?.headers.bytes
      && left.answer?.headers.fields == right.answer?.headers.fields && left.answer?.body == right.answer?.body
      && left.answer?.keepsAlive == right.answer?.keepsAlive
  }
}
