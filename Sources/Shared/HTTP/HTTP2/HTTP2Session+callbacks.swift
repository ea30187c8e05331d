internal import CNghttp2

private let callbackFailure = Int32(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)

private func owned(_ owner: UnsafeMutableRawPointer?) -> HTTP2Session? {
  owner.map { Unmanaged<HTTP2Session>.fromOpaque($0).takeUnretainedValue() }
}

/// What nghttp2 calls while it takes bytes in or gives bytes out.
extension HTTP2Session {
  // Sound: each is made once and only read afterwards.
  nonisolated(unsafe) private static let serverCallbacks = makeCallbacks(.server)
  nonisolated(unsafe) private static let clientCallbacks = makeCallbacks(.client)

  static func callbacks(for role: Role) -> OpaquePointer? { role == .server ? serverCallbacks : clientCallbacks }

  private static func makeCallbacks(_ role: Role) -> OpaquePointer? {
    var made: OpaquePointer?
    guard nghttp2_session_callbacks_new(&made) == 0, let callbacks = made else { return nil }
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, owner in
      guard let frame, let session = owned(owner) else { return callbackFailure }
      session.headBegins(frame.pointee.hd.stream_id)
      return 0
    }
    nghttp2_session_callbacks_set_on_header_callback(callbacks) {
      _, frame, name, nameLength, value, valueLength, _, owner in
      guard let frame, let session = owned(owner) else { return callbackFailure }
      let isWanted = session.append(
        UnsafeBufferPointer(start: name, count: nameLength), UnsafeBufferPointer(start: value, count: valueLength),
        to: frame.pointee.hd.stream_id)
      return isWanted ? 0 : Int32(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
    }
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, owner in
      guard let frame, let session = owned(owner) else { return callbackFailure }
      session.received(frame)
      return 0
    }
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, id, code, owner in
      guard let session = owned(owner) else { return callbackFailure }
      session.closed(id, HTTP2Error.Code(rawValue: code))
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, owner in
      guard let frame, let session = owned(owner) else { return callbackFailure }
      session.sent(frame)
      return 0
    }
    if role == .client {
      nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) { _, _, id, data, length, owner in
        guard let session = owned(owner) else { return callbackFailure }
        session.append(UnsafeBufferPointer(start: data, count: length), to: id)
        return 0
      }
    }
    return callbacks
  }

  // MARK: Heads

  private func headBegins(_ id: Int32) {
    openHead = openHead ?? OpenHead(stream: id, since: now)
    if let stream = streams[id] {
      // An interim response made way for the next head; behind a final one come trailers, which nobody reads.
      if !stream.isHeadComplete { stream.received = HTTP2FieldCollector() }
    } else if role == .server {
      streams[id] = HTTP2Stream(id: id, countedBy: limits.held)
    }
  }

  /// False where the rest of the section is not to be looked at.
  private func append(
    _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>, to id: Int32
  ) -> Bool {
    guard let stream = streams[id] else { return true }
    if stream.isHeadComplete {
      stream.trailerBytes += name.count + value.count + HTTP2FieldCollector.overhead
    } else {
      stream.received.append(name: name, value: value, limit: limits.headerBytes)
    }
    guard stream.received.isBomb || stream.trailerBytes > HTTP2FieldCollector.bomb * limits.headerBytes else {
      return true
    }
    terminate(.enhanceYourCalm)
    return false
  }

  private func headEnds(_ stream: HTTP2Stream) {
    guard !stream.isHeadComplete else { return }
    switch role {
    case .server:
      stream.isHeadComplete = true
      events.append(.request(stream.id))
    case .client:
      if stream.received.isTooLarge {
        giveUp(stream, .headTooLarge(limit: limits.headerBytes))
      } else if stream.received.status >= 200 {
        stream.isHeadComplete = true
      } else if !stream.interim.take() {
        giveUp(stream, .unexpectedInformational(stream.received.status))
      }
    }
  }

  // MARK: Bodies

  private func append(_ data: UnsafeBufferPointer<UInt8>, to id: Int32) {
    guard let stream = streams[id], stream.violation == nil else { return }
    guard stream.body.count + data.count <= limits.bodyBytes else {
      return giveUp(stream, .bodyTooLarge(limit: limits.bodyBytes))
    }
    guard stream.held.grow(to: stream.body.count + data.count) else {
      return giveUp(stream, .answersTooLarge(limit: limits.held?.limit ?? 0))
    }
    stream.body.append(contentsOf: data)
  }

  private func giveUp(_ stream: HTTP2Stream, _ violation: MessageError) {
    stream.violation = violation
    stream.body = []
    stream.held.hold(0)
    reset(stream.id, .cancel)
  }

  // MARK: Frames

  private func received(_ frame: UnsafePointer<nghttp2_frame>) {
    let head = frame.pointee.hd
    let endsStream = head.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
    switch UInt32(head.type) {
    case NGHTTP2_HEADERS.rawValue:
      openHead = nil
      guard let stream = streams[head.stream_id] else { return }
      if endsStream { stream.isRemoteEnded = true }
      headEnds(stream)
    case NGHTTP2_DATA.rawValue:
      if endsStream {
        streams[head.stream_id]?.isRemoteEnded = true
      } else if head.length == 0 {
        spend()
      }
    case NGHTTP2_SETTINGS.rawValue:
      hasPeerSettings = true
      spend()
    case NGHTTP2_GOAWAY.rawValue:
      let goAway = frame.pointee.goaway
      events.append(.goAway(lastStream: goAway.last_stream_id, code: HTTP2Error.Code(rawValue: goAway.error_code)))
    case NGHTTP2_PING.rawValue, NGHTTP2_PRIORITY.rawValue, NGHTTP2_RST_STREAM.rawValue: spend()
    default: return
    }
  }

  private func spend() {
    if !idleFrames.take(at: now) { terminate(.enhanceYourCalm) }
  }

  private func sent(_ frame: UnsafePointer<nghttp2_frame>) {
    let head = frame.pointee.hd
    if head.type == UInt8(NGHTTP2_GOAWAY.rawValue) {
      let code = HTTP2Error.Code(rawValue: frame.pointee.goaway.error_code)
      if code != .noError { complaint = code }
    }
    // Whoever makes this side reset streams costs it as much as one who resets them (CVE-2025-8671).
    if role == .server, head.type == UInt8(NGHTTP2_RST_STREAM.rawValue),
      frame.pointee.rst_stream.error_code != HTTP2Error.Code.noError.rawValue
    {
      spend()
    }
    // A body that the client is still sending is not waited for once the answer is out (RFC 9113 §8.1).
    guard role == .server, head.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0,
      head.type == UInt8(NGHTTP2_DATA.rawValue) || head.type == UInt8(NGHTTP2_HEADERS.rawValue),
      let stream = streams[head.stream_id], !stream.isRemoteEnded
    else { return }
    reset(stream.id, .noError)
  }

  private func closed(_ id: Int32, _ code: HTTP2Error.Code) {
    // A head that breaks the rules of §8 ends with its stream, without having been received.
    if openHead?.stream == id { openHead = nil }
    guard let stream = streams.removeValue(forKey: id) else { return }
    events.append(.closed(stream, code: code))
  }
}
