import EventLoop

@testable import HTTP

extension FuzzTarget {
  /// What a caller sends on a connection of HTTP/2, and the answers to it.
  static let http2Server = FuzzTarget(name: "http2-server", maximumLength: 2048) { input in
    check(HTTP2Input.client(input), of: .server)
  }

  /// What a backend sends on a connection of HTTP/2 that carries three requests.
  static let http2Client = FuzzTarget(name: "http2-client", maximumLength: 2048) { input in
    check(HTTP2Input.server(input), of: .client)
  }

  private static func check(_ bytes: [UInt8], of role: HTTP2Session.Role) {
    bytes.withUnsafeBytes { bytes in
      var pieces = Pieces(of: bytes)
      let whole = SessionReading(role, bytes, ends: [bytes.count])
      let cut = SessionReading(role, bytes, ends: pieces.ends(of: bytes.count))
      // nghttp2 counts a CONTINUATION anew for each piece that its frame header comes in.
      if (whole.story + cut.story).contains(where: { $0.contains("Too many CONTIN") }) { return }
      // Once a peer has said that it goes and nothing is left, nghttp2 looks at no further piece.
      if whole.hasGoAway || cut.hasGoAway { return require(whole.hasGoAway == cut.hasGoAway, "a peer goes, or stays") }
      require(whole.story == cut.story, "frames mean the same however they arrive: \(whole.story) and \(cut.story)")
      require(whole.output == cut.output, "what is sent back is the same: \(whole.output) and \(cut.output)")
    }
  }
}

/// One side of a connection that is fed bytes.
private struct SessionReading {
  /// What happened, in order, and what was left open.
  private(set) var story: [String] = []
  private(set) var output: [UInt8] = []
  private(set) var hasGoAway = false

  private static let limits: HTTP2Session.Limits = {
    var limits = HTTP2Session.Limits()
    limits.concurrentStreams = 8
    limits.headerBytes = 1024
    limits.bodyBytes = 2048
    return limits
  }()

  init(_ role: HTTP2Session.Role, _ bytes: UnsafeRawBufferPointer, ends: [Int]) {
    let time = MonotonicTime(nanoseconds: 1_000_000_000)
    guard let session = try? HTTP2Session(role: role, limits: Self.limits) else { broken("a session can be made") }
    if role == .client {
      for index in 0..<3 {
        let request = ClientRequest(target: "/apis/\(index)", authority: "backend", fields: [.init("accept", "*/*")])
        guard (try? session.open(request)) != nil else { broken("a request can be made") }
      }
      send(session)
      output = []
    }
    var start = 0
    for end in ends {
      do throws(HTTP2Error) {
        try session.receive(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), at: time)
      } catch {
        story.append("broken off: \(error)")
        break
      }
      start = end
    }
    tell(session)
    for id in session.streams.keys.sorted() {
      guard let stream = session.streams[id] else { continue }
      story.append("open " + Self.text(stream, role))
      if role == .server, stream.isHeadComplete { Self.answer(stream, on: session, at: time) }
    }
    send(session)
    tell(session)
  }

  private mutating func tell(_ session: HTTP2Session) {
    for event in session.events {
      switch event {
      case .request(let id): story.append("request \(id)")
      case .closed(let stream, let code): story.append("closed \(code) " + Self.text(stream, session.role))
      case .goAway(let last, let code):
        hasGoAway = true
        story.append("goaway \(last) \(code)")
      }
    }
    session.events = []
  }

  private mutating func send(_ session: HTTP2Session) {
    while session.wantsToSend {
      let before = output.count
      do { try session.send(into: &output, limit: output.count + 4096) } catch {
        return story.append("unsendable: \(error)")
      }
      if output.count == before { return }
    }
  }

  private static func answer(_ stream: HTTP2Stream, on session: HTTP2Session, at time: MonotonicTime) {
    let response =
      stream.received.isTooLarge
      ? Response.text(431, "too large") : Response.text(200, String(repeating: "x", count: 64))
    session.answer(stream.id, response, date: Array("today".utf8), includesBody: true, deadline: time)
  }

  private static func text(_ stream: HTTP2Stream, _ role: HTTP2Session.Role) -> String {
    let received = stream.received
    let size = received.block.fields.reduce(0) { $0 + $1.name.count + $1.value.count + HTTP2FieldCollector.overhead }
    require(size <= limits.headerBytes, "a field section within its bound")
    require(stream.body.count <= limits.bodyBytes, "a body within its bound")
    if role == .server {
      require(stream.body.isEmpty, "no body of a caller is kept")
      if stream.isHeadComplete, let head = received.request(hasBody: !stream.isRemoteEnded) { check(head) }
    } else if stream.isHeadComplete {
      require(received.status >= 200, "a final status")
    }
    let fields = received.block.fields.map {
      String(decoding: received.block.bytes[$0.name], as: UTF8.self) + "="
        + String(decoding: received.block.bytes[$0.value], as: UTF8.self)
    }
    return
      "\(stream.id) \(received.status) \(stream.isHeadComplete) \(fields) \(stream.isRemoteEnded ? "\(stream.body.count)" : "unfinished")"
  }

  private static func check(_ head: RequestHead) {
    require(head.path.first == UInt8(ascii: "/") || head.path.elementsEqual("*".utf8), "origin form")
    require(head.target.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "a target without spaces")
    for field in head.headers.fields {
      let (name, value) = (head.headers.bytes[field.name], head.headers.bytes[field.value])
      require(
        !name.isEmpty && name.allSatisfy { isTokenByte($0) && !(0x41...0x5a).contains($0) }, "a name in lower case")
      require(value.allSatisfy { $0 != 0 && $0 != 0x0a && $0 != 0x0d }, "a value on one line")
      require(!name.elementsEqual("connection".utf8), "no field of a connection (RFC 9113 §8.2.2)")
    }
  }
}
