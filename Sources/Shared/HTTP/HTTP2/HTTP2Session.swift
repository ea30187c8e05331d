internal import CNghttp2
import EventLoop

/// One side of an HTTP/2 connection apart from I/O, on nghttp2: received bytes go in and become events, requests and
/// answers go in and become bytes to send (RFC 9113). Belongs to one event loop.
///
/// nghttp2 sees to framing, HPACK, flow control, the states of streams and the messaging rules of §8, and ends a connection
/// that resets streams too fast, sends too many CONTINUATION frames, or lets acknowledgements pile up.
final class HTTP2Session {
  enum Role {
    case server
    case client
  }

  enum Event {
    /// A server's stream has a whole head.
    case request(Int32)
    /// The stream is gone; `code` is NO_ERROR where it came to its end.
    case closed(HTTP2Stream, code: HTTP2Error.Code)
    /// The peer will process no stream after `lastStream`.
    case goAway(lastStream: Int32, code: HTTP2Error.Code)
  }

  struct Limits {
    /// Streams that a peer may have open at once.
    var concurrentStreams = 100
    /// Of one field section, as SETTINGS_MAX_HEADER_LIST_SIZE counts it.
    var headerBytes = 64 * 1024
    /// Of one answer to a client.
    var bodyBytes = 16 * 1024 * 1024
    /// Where the bodies are counted.
    var held: HeldBytes?
  }

  struct OpenHead {
    var stream: Int32
    var since: MonotonicTime
  }

  let role: Role
  let limits: Limits
  let pointer: OpaquePointer
  /// What happened since it was last looked at.
  var events: [Event] = []
  /// Those that are open.
  var streams: [Int32: HTTP2Stream] = [:]
  /// The field section that is being received, if one is.
  var openHead: OpenHead?
  /// Whether the peer has sent its SETTINGS, its first duty.
  var hasPeerSettings = false
  /// Why this side has ended the connection, where that is the peer's fault.
  var complaint: HTTP2Error.Code?
  /// What a peer may send that moves nothing on.
  var idleFrames = FrameBudget()
  /// Fields on their way to nghttp2; kept for its memory.
  var fields = HTTP2FieldList()
  /// When the call into nghttp2 that is under way began.
  var now = MonotonicTime.now()

  /// A client's windows: answers of adapters fit without waiting for an update.
  private static let streamWindow: UInt32 = 1 << 20
  private static let connectionWindow: Int32 = 4 << 20
  /// How many SETTINGS a frame may hold; there are six.
  private static let maximumSettings = 32

  init(role: Role, limits: Limits = Limits()) throws(HTTP2Error) {
    self.role = role
    self.limits = limits
    var option: OpaquePointer?
    guard nghttp2_option_new(&option) == 0, let option else { throw HTTP2Error("start", code: Self.outOfMemory) }
    defer { nghttp2_option_del(option) }
    nghttp2_option_set_max_settings(option, Self.maximumSettings)
    nghttp2_option_set_no_closed_streams(option, 1)
    nghttp2_option_set_peer_max_concurrent_streams(option, UInt32(limits.concurrentStreams))
    var session: OpaquePointer?
    let make = role == .server ? nghttp2_session_server_new2 : nghttp2_session_client_new2
    guard make(&session, Self.callbacks(for: role), nil, option) == 0, let session else {
      throw HTTP2Error("start", code: Self.outOfMemory)
    }
    pointer = session
    nghttp2_session_set_user_data(session, Unmanaged.passUnretained(self).toOpaque())
    try submitSettings()
  }

  deinit { nghttp2_session_del(pointer) }

  private static var outOfMemory: Int { Int(NGHTTP2_ERR_NOMEM.rawValue) }

  private func submitSettings() throws(HTTP2Error) {
    var entries = [
      nghttp2_settings_entry(
        settings_id: Int32(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE.rawValue), value: UInt32(limits.headerBytes))
    ]
    switch role {
    case .server:
      entries.append(
        nghttp2_settings_entry(
          settings_id: Int32(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS.rawValue), value: UInt32(limits.concurrentStreams))
      )
    case .client:
      entries.append(
        nghttp2_settings_entry(settings_id: Int32(NGHTTP2_SETTINGS_ENABLE_PUSH.rawValue), value: 0))
      entries.append(
        nghttp2_settings_entry(
          settings_id: Int32(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE.rawValue), value: Self.streamWindow))
    }
    try check(nghttp2_submit_settings(pointer, UInt8(NGHTTP2_FLAG_NONE.rawValue), entries, entries.count), "settings")
    if role == .client {
      try check(
        nghttp2_session_set_local_window_size(pointer, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, Self.connectionWindow),
        "window")
    }
  }

  // MARK: Bytes

  /// Takes all of `bytes`, which arrived at `now`; what they mean is in ``events`` afterwards.
  ///
  /// Throws where the connection is beyond use. Most violations do not throw: a GOAWAY is queued, and ``isFinished``
  /// is true once it was sent.
  func receive(_ bytes: UnsafeRawBufferPointer, at now: MonotonicTime) throws(HTTP2Error) {
    self.now = now
    let count = nghttp2_session_mem_recv(pointer, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
    guard count >= 0 else { throw HTTP2Error("receive", code: count) }
  }

  /// Appends what is to be sent to `output`, until that holds `limit` bytes or a frame more.
  func send(into output: inout [UInt8], limit: Int) throws(HTTP2Error) {
    while output.count < limit {
      var data: UnsafePointer<UInt8>?
      let count = nghttp2_session_mem_send(pointer, &data)
      guard count >= 0 else { throw HTTP2Error("send", code: count) }
      guard count > 0, let data else { return }
      output.append(contentsOf: UnsafeBufferPointer(start: data, count: count))
    }
  }

  /// Whether nothing is left to receive or to send: the connection can be closed.
  var isFinished: Bool { nghttp2_session_want_read(pointer) == 0 && nghttp2_session_want_write(pointer) == 0 }

  var wantsToSend: Bool { nghttp2_session_want_write(pointer) != 0 }

  // MARK: Ending

  /// Ends one stream; the peer is told why.
  func reset(_ id: Int32, _ code: HTTP2Error.Code) {
    _ = nghttp2_submit_rst_stream(pointer, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, code.rawValue)
  }

  /// Ends the connection after a GOAWAY.
  func terminate(_ code: HTTP2Error.Code) { _ = nghttp2_session_terminate_session(pointer, code.rawValue) }

  /// Tells the client that a GOAWAY will follow; streams that it opens until it has read this are still served.
  func announceGoAway() { _ = nghttp2_submit_shutdown_notice(pointer) }

  /// Lets the streams received so far be the last ones.
  func goAway() {
    let last = nghttp2_session_get_last_proc_stream_id(pointer)
    _ = nghttp2_submit_goaway(
      pointer, UInt8(NGHTTP2_FLAG_NONE.rawValue), last, HTTP2Error.Code.noError.rawValue, nil, 0)
  }

  func check(_ code: Int32, _ operation: String) throws(HTTP2Error) {
    guard code < 0 else { return }
    throw HTTP2Error(operation, code: Int(code))
  }
}
