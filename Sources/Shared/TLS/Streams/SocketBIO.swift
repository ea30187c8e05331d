internal import COpenSSL
internal import EventLoop

/// A BIO that reads and writes a ``Socket``: OpenSSL thereby sees what the event loop knows of its readiness, and spares
/// the system calls that would only say EAGAIN.
enum SocketBIO {
  // Sound: made once, before any connection, and never changed.
  nonisolated(unsafe) private static let method: OpaquePointer? = {
    guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "metrics-router socket") else {
      return nil
    }
    BIO_meth_set_read(method) { bio, bytes, count in
      guard let bio, let bytes, count > 0 else { return 0 }
      openssl_shim_bio_clear_retry(bio)
      switch socket(of: bio).read(into: UnsafeMutableRawBufferPointer(start: bytes, count: Int(count))) {
      case .bytes(let read): return Int32(read)
      case .endOfStream: return 0
      case .wouldBlock:
        openssl_shim_bio_set_retry_read(bio)
        return -1
      case .failed: return -1
      }
    }
    BIO_meth_set_write(method) { bio, bytes, count in
      guard let bio, let bytes, count > 0 else { return 0 }
      openssl_shim_bio_clear_retry(bio)
      switch socket(of: bio).write(UnsafeRawBufferPointer(start: bytes, count: Int(count))) {
      case .bytes(let written): return Int32(written)
      case .wouldBlock:
        openssl_shim_bio_set_retry_write(bio)
        return -1
      case .endOfStream, .failed: return -1
      }
    }
    BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
    return method
  }()

  private static func socket(of bio: OpaquePointer) -> Socket {
    Unmanaged<Socket>.fromOpaque(BIO_get_data(bio)).takeUnretainedValue()
  }

  /// The caller keeps `socket` alive for as long as the BIO.
  static func make(_ socket: Socket) -> OpaquePointer? {
    guard let method, let bio = BIO_new(method) else { return nil }
    BIO_set_data(bio, Unmanaged.passUnretained(socket).toOpaque())
    BIO_set_init(bio, 1)
    return bio
  }
}
