import CCurl
import COpenSSL

/// The multi handle and every exchange under way on it. Created by the transport, then used by its thread alone.
final class CurlLoop {
  /// Easy handles kept for reuse.
  private static let idleHandles = 32
  /// Connections kept open between exchanges.
  private static let pooledConnections = 128

  let mailbox: CurlMailbox
  private let multi: UnsafeMutableRawPointer
  private var exchanges: [UnsafeMutableRawPointer: CurlExchange] = [:]
  /// By ticket, which the exchange keeps alive.
  private var handles: [ObjectIdentifier: UnsafeMutableRawPointer] = [:]
  /// When a stream must have its head; libcurl's own timeout would bound the whole stream.
  private var headDeadlines: [UnsafeMutableRawPointer: ContinuousClock.Instant] = [:]
  private var idle: [CurlHandle] = []

  init?() {
    guard Self.isLibraryReady, let multi = curl_multi_init() else { return nil }
    self.multi = multi
    curl_shim_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    curl_shim_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.pooledConnections)
    mailbox = CurlMailbox(multi)
  }

  private static let isLibraryReady = {
    openssl_shim_prepare()
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
  }()

  deinit {
    idle = []
    curl_multi_cleanup(multi)
  }

  /// Runs until told to stop. Every exchange has ended when it returns.
  func run() -> CheckedContinuation<Void, Never>? {
    while true {
      var commands = mailbox.take()[...]
      while let command = commands.popFirst() {
        switch command {
        case .start(let ticket, let request, let receiver): start(ticket, request, receiver)
        case .cancel(let ticket): cancel(ticket)
        case .resume(let ticket): resume(ticket)
        case .stop(let waiting):
          stop(refusing: commands)
          return waiting
        }
      }
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      collectFinished()
      let wait = expireHeads()
      curl_multi_poll(multi, nil, 0, wait, nil)
    }
  }

  private func start(_ ticket: ExchangeTicket, _ request: CurlRequest, _ receiver: CurlExchange.Receiver) {
    guard !ticket.isCancelled else {
      return receiver.fail(TransportError(.cancelled, operation: request.operation, message: "cancelled"))
    }
    guard let handle = idle.popLast() ?? CurlHandle() else {
      return receiver.fail(TransportError(.local, operation: request.operation, message: "no memory for a handle"))
    }
    let exchange = CurlExchange(ticket, request, receiver, handle)
    do {
      try exchange.prepare()
    } catch {
      exchange.fail(error.kind, error.message)
      return recycle(handle)
    }
    let code = curl_multi_add_handle(multi, handle.easy)
    guard code == CURLM_OK else {
      exchange.fail(.local, String(cString: curl_multi_strerror(code)))
      return recycle(handle)
    }
    exchanges[handle.easy] = exchange
    handles[ObjectIdentifier(ticket)] = handle.easy
    if exchange.isAwaitingHeadOfStream { headDeadlines[handle.easy] = .now + request.timeout }
  }

  private func cancel(_ ticket: ExchangeTicket) {
    guard let easy = handles[ObjectIdentifier(ticket)] else { return }
    remove(easy)?.fail(.cancelled, "cancelled")
  }

  private func resume(_ ticket: ExchangeTicket) {
    guard let easy = handles[ObjectIdentifier(ticket)] else { return }
    curl_easy_pause(easy, CURLPAUSE_CONT)
  }

  private func collectFinished() {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
      let code = message.pointee.data.result
      guard let exchange = exchanges[easy] else { continue }
      exchange.finish(code)
      remove(easy)
    }
  }

  /// Ends the streams whose head is late. Returns how many milliseconds until the next may be.
  private func expireHeads() -> Int32 {
    var wait = Duration.seconds(60)
    let now = ContinuousClock.now
    for (easy, deadline) in headDeadlines {
      guard let exchange = exchanges[easy], exchange.isAwaitingHeadOfStream else {
        headDeadlines[easy] = nil
        continue
      }
      if deadline > now {
        wait = min(wait, deadline - now)
      } else {
        remove(easy)?.fail(.timeout, "no answer began within \(exchange.request.timeout)")
      }
    }
    return Int32(wait.wholeMilliseconds)
  }

  /// Takes the exchange out of libcurl's hands; what it told its receiver so far stands.
  @discardableResult
  private func remove(_ easy: UnsafeMutableRawPointer) -> CurlExchange? {
    guard let exchange = exchanges.removeValue(forKey: easy) else { return nil }
    handles[ObjectIdentifier(exchange.ticket)] = nil
    headDeadlines[easy] = nil
    curl_multi_remove_handle(multi, easy)
    recycle(exchange.handle)
    return exchange
  }

  private func recycle(_ handle: CurlHandle) {
    handle.reset()
    if idle.count < Self.idleHandles { idle.append(handle) }
  }

  /// `later` is what was taken from the mailbox together with the word to stop, and asked for after it.
  private func stop(refusing later: ArraySlice<CurlMailbox.Command>) {
    for easy in Array(exchanges.keys) { remove(easy)?.fail(.cancelled, Self.stopped) }
    for command in later + mailbox.close() {
      switch command {
      case .start(_, let request, let receiver):
        receiver.fail(TransportError(.cancelled, operation: request.operation, message: Self.stopped))
      case .stop(let waiting): waiting?.resume()
      case .cancel, .resume: break
      }
    }
  }

  static let stopped = "the transport was shut down"
}
