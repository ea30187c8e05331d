import CCurl
import Glibc

/// One exchange from its hand-over to its end. Confined to the transport's thread.
final class CurlExchange {
  enum Receiver {
    case whole(CheckedContinuation<Result<CurlResponse, TransportError>, Never>)
    case stream(StreamBuffer, head: CheckedContinuation<Result<CurlResponseHead, TransportError>, Never>?)
  }

  let ticket: ExchangeTicket
  let request: CurlRequest
  let handle: CurlHandle
  private var receiver: Receiver?
  private var parser = HeadParser()
  private var body: [UInt8] = []
  /// Why a callback stopped the exchange, where it did.
  private var refusal: String?
  /// Why the last address that was not to be dialled was not.
  private var addressRefusal: String?

  init(_ ticket: ExchangeTicket, _ request: CurlRequest, _ receiver: Receiver, _ handle: CurlHandle) {
    self.ticket = ticket
    self.request = request
    self.receiver = receiver
    self.handle = handle
  }

  var isAwaitingHeadOfStream: Bool {
    if case .stream(_, head: .some)? = receiver { true } else { false }
  }

  func prepare() throws(TransportError) {
    try handle.configure(request)
    do {
      let context = Unmanaged.passUnretained(self).toOpaque()
      try handle.set(CURLOPT_HEADERDATA, pointer: context)
      try handle.set(CURLOPT_WRITEDATA, pointer: context)
      try handle.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
        guard let context, let bytes else { return 0 }
        let exchange = Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
        return exchange.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
      }
      try handle.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
        guard let context, let bytes else { return 0 }
        let exchange = Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
        return exchange.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
      }
      if request.refuseAddress != nil {
        try handle.set(CURLOPT_OPENSOCKETDATA, pointer: context)
        try handle.set(openSocket: { context, _, address in
          guard let context, let address else { return CURL_SOCKET_BAD }
          return Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue().openSocket(address)
        })
      }
      if case .whole? = receiver { try handle.set(CURLOPT_TIMEOUT_MS, request.timeout.wholeMilliseconds) }
    } catch {
      throw TransportError(.local, operation: request.operation, message: error.message)
    }
  }

  private func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
    guard parser.take(line) else {
      refusal = "the head of the answer is malformed or above \(HeadParser.maximumBytes) bytes"
      return false
    }
    if let head = parser.head, case .stream(let buffer, let waiting?)? = receiver {
      receiver = .stream(buffer, head: nil)
      waiting.resume(returning: .success(head))
    }
    return true
  }

  private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    if case .stream(let buffer, _)? = receiver {
      return buffer.append(bytes) ? bytes.count : Int(CURL_WRITEFUNC_PAUSE)
    }
    guard body.count + bytes.count <= request.maximumBodyBytes else {
      refusal = "the body of the answer is above the bound of \(request.maximumBodyBytes) bytes"
      return 0
    }
    body.append(contentsOf: bytes)
    return bytes.count
  }

  /// libcurl dials exactly this address with the socket that is made here, and takes the next one where none is.
  private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    if let refuse = request.refuseAddress, let reason = refuse(CurlHandle.text(of: curl_shim_address(address))) {
      addressRefusal = reason
      return CURL_SOCKET_BAD
    }
    let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    return socket(address.pointee.family, kind, address.pointee.protocol)
  }

  /// What libcurl's verdict means.
  func finish(_ code: CURLcode) {
    if let refusal { return fail(.local, refusal) }
    if code == CURLE_COULDNT_CONNECT, let addressRefusal { return fail(.refused, addressRefusal) }
    if code != CURLE_OK { return fail(.init(code), handle.message(for: code)) }
    guard let head = parser.head else { return fail(.broken, "the answer has no head") }
    switch receiver.take() {
    case .whole(let continuation): continuation.resume(returning: .success(CurlResponse(head: head, body: body)))
    case .stream(let buffer, _): buffer.finish(nil)
    case nil: break
    }
  }

  func fail(_ kind: TransportError.Kind, _ message: String) {
    receiver.take()?.fail(TransportError(kind, operation: request.operation, message: message))
  }
}

extension CurlExchange.Receiver {
  func fail(_ error: TransportError) {
    switch self {
    case .whole(let continuation): continuation.resume(returning: .failure(error))
    case .stream(let buffer, let head):
      head?.resume(returning: .failure(error))
      buffer.finish(error)
    }
  }
}
