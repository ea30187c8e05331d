package import EventLoop
package import TLS

/// Answers the requests of one event loop. Each loop has its own, which need not be thread-safe.
package protocol Responder: AnyObject {
  /// Called for every well-formed request; requests of different connections overlap at its suspension points.
  func respond(to request: RequestHead, on connection: ConnectionContext) async -> Response

  /// Called every few seconds: the moment to close what has been idle for too long.
  func maintain()

  /// Called once the server has stopped answering: the moment to close connections of one's own.
  func close()
}

extension Responder {
  package func maintain() {}
  package func close() {}
}

/// What is known of the connection that a request came on.
package final class ConnectionContext {
  /// The client's certificate chain, its own first and not verified; empty where it sent none.
  package let clientCertificates: [Certificate]
  package let peerAddress: SocketAddress?
  /// Whatever the responder wants to remember for the life of this connection.
  package var memory: AnyObject?

  init(clientCertificates: [Certificate], peerAddress: SocketAddress?) {
    self.clientCertificates = clientCertificates
    self.peerAddress = peerAddress
  }
}
