import EventLoop

/// One request and its answer on an HTTP/2 connection, whichever side this is.
final class HTTP2Stream {
  let id: Int32
  /// The field section of the message that is received.
  var received = HTTP2FieldCollector()
  /// Whether ``received`` is whole and final: no interim response (1xx), and what follows are trailers.
  var isHeadComplete = false
  /// How much has come in trailers, which nobody reads, as SETTINGS_MAX_HEADER_LIST_SIZE counts it.
  var trailerBytes = 0
  /// The interim responses that may still come.
  var interim = InterimBudget()
  /// The body received; a server keeps none.
  var body: [UInt8] = []
  /// Whether the peer has sent all that it will.
  var isRemoteEnded = false
  /// The body to send, and how much of it has been.
  var outgoing: [UInt8] = []
  var sent = 0
  /// By when all of ``outgoing`` must have been taken by the peer.
  var sendDeadline = MonotonicTime.distantFuture
  /// What its body takes: the one received by a client, the one to be sent by a server.
  var held: HeldShare
  /// Why this side gave the stream up before its end.
  var violation: MessageError?

  init(id: Int32, countedBy held: HeldBytes?) {
    self.id = id
    self.held = HeldShare(of: held)
  }
}
