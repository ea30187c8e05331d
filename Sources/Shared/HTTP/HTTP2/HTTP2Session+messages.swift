internal import CNghttp2
import EventLoop

/// What is sent on streams.
extension HTTP2Session {
  /// Answers a request; of a stream that is gone nothing is said. The client must take all of it by `deadline`.
  func answer(_ id: Int32, _ response: Response, date: [UInt8], includesBody: Bool, deadline: MonotonicTime) {
    guard let stream = streams[id] else { return }
    fields.removeAll()
    fields.append(":status", decimal: response.status)
    if let type = response.contentType { fields.append("content-type", type.utf8) }
    fields.append("cache-control", response.cacheControl.utf8)
    fields.append("date", date)
    for field in response.fields { fields.append(field.name.utf8, field.value.utf8, isIndexed: false) }
    if response.status != 304 { fields.append("content-length", decimal: response.body.count) }
    let hasBody = includesBody && !response.body.isEmpty
    if hasBody {
      stream.outgoing = response.body
      stream.held.hold(response.heldBytes)
    }
    stream.sendDeadline = deadline
    var provider = Self.provider(of: stream)
    let code = fields.withPairs { pairs, count in
      hasBody
        ? nghttp2_submit_response(pointer, id, pairs, count, &provider)
        : nghttp2_submit_response(pointer, id, pairs, count, nil)
    }
    // Only a stream that cannot be answered any more, or a want of memory, ends here.
    if code != 0 { reset(id, .cancel) }
  }

  /// Opens a stream with a GET. Throws where this connection has no further stream to give.
  func open(_ request: ClientRequest) throws(HTTP2Error) -> HTTP2Stream {
    fields.removeAll()
    fields.append(":method", "GET".utf8)
    fields.append(":scheme", "https".utf8)
    fields.append(":authority", request.authority.utf8)
    fields.append(":path", request.target.utf8)
    for field in request.fields { fields.append(field.name.utf8, field.value.utf8, isIndexed: field.isIndexed) }
    let id = fields.withPairs { pairs, count in nghttp2_submit_request(pointer, nil, pairs, count, nil, nil) }
    try check(id, "open a stream")
    let stream = HTTP2Stream(id: id, countedBy: limits.held)
    streams[id] = stream
    return stream
  }

  /// How many streams the peer lets this side have open at once.
  var peerConcurrency: Int {
    Int(nghttp2_session_get_remote_settings(pointer, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
  }

  /// Whether the peer and the identifiers allow another request.
  var allowsRequest: Bool { nghttp2_session_check_request_allowed(pointer) != 0 }

  private static func provider(of stream: HTTP2Stream) -> nghttp2_data_provider {
    nghttp2_data_provider(
      // `streams` keeps it until nghttp2 says that it is closed, after which it is not asked for data.
      source: nghttp2_data_source(ptr: Unmanaged.passUnretained(stream).toOpaque()),
      read_callback: { _, _, buffer, length, flags, source, _ in
        guard let buffer, let flags, let pointer = source?.pointee.ptr else {
          return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
        }
        let stream = Unmanaged<HTTP2Stream>.fromOpaque(pointer).takeUnretainedValue()
        let count = min(length, stream.outgoing.count - stream.sent)
        stream.outgoing.withUnsafeBufferPointer { body in
          if let base = body.baseAddress { buffer.update(from: base + stream.sent, count: count) }
        }
        stream.sent += count
        if stream.sent == stream.outgoing.count { flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue }
        return count
      })
  }
}
