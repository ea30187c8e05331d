import EventLoop
import TLS

/// One connection to a backend that carries one exchange of HTTP/1.1 at a time.
final class HTTP1ClientConnection {
  private let stream: ByteStream
  private let received: ReceiveBuffer
  private var output: [UInt8] = []
  /// Whether a byte of the answer to the current request has arrived.
  private(set) var hasAnswerBegun = false
  /// Whether the last exchange left it in step with the backend.
  private(set) var keepsAlive = false
  var idleSince = MonotonicTime.now()

  init(stream: ByteStream) {
    self.stream = stream
    received = ReceiveBuffer(loop: stream.socket.handle.loop)
  }

  /// Whether it can carry another exchange, as far as can be told without trying: nothing has arrived on it, not even
  /// its end.
  var isUsable: Bool {
    let handle = stream.socket.handle
    return keepsAlive && received.isEmpty && !handle.isClosed && !handle.isReadable && !handle.isHangup
      && !stream.hasPending
  }

  func close() { stream.close() }

  /// Sends `request` and reads the whole answer. After an error the connection is of no use.
  func exchange(
    _ request: ClientRequest, bodyLimit: Int, held: HeldBytes?, deadline: MonotonicTime
  ) async throws(ExchangeError) -> ReceivedResponse {
    hasAnswerBegun = false
    keepsAlive = false
    HTTP1Writer.render(request, into: &output)
    do throws(StreamError) {
      try await stream.write(output, deadline: deadline)
    } catch {
      throw ExchangeError(error, while: "sending the request")
    }
    var parser = HTTP1ResponseParser(bodyLimit: bodyLimit)
    var share = HeldShare(of: held)
    let loop = stream.socket.handle.loop
    var turn = ReadingTurn()
    while true {
      let count: Int
      do throws(StreamError) {
        count = try await stream.read(deadline: deadline, into: received.room)
      } catch {
        throw ExchangeError(error, while: hasAnswerBegun ? "reading the answer" : "waiting for the answer")
      }
      guard count > 0 else {
        throw .broken("connection closed \(hasAnswerBegun ? "in the middle of" : "before") the answer")
      }
      hasAnswerBegun = true
      received.received(count)
      do throws(MessageError) {
        received.use(try parser.parse(received.unread))
      } catch {
        throw .malformed(error)
      }
      guard share.grow(to: parser.bodyCount) else { throw .answersTooLarge(limit: held?.limit ?? 0) }
      if let answer = parser.result {
        // Bytes behind an answer that nobody asked for: the connection is out of step.
        keepsAlive = answer.keepsAlive && received.isEmpty
        return ReceivedResponse(status: answer.status, headers: answer.headers, body: answer.body)
      }
      // Of a backend that never stops sending no read ever waits, and so none is ever out of time.
      if turn.isOver(on: loop) {
        await ReadingTurn.pass(on: loop)
        if deadline <= .now() { throw .timedOut("reading the answer") }
      }
    }
  }
}
