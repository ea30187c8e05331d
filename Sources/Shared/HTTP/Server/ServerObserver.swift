package import TLS

/// Told what happens to the connections of a server, on its loop: for counting.
package protocol ServerObserver: Sendable {
  func connectionOpened()
  func connectionClosed()
  /// Beyond the bound on connections, and closed at once.
  func connectionRefused()
  func handshakeFailed(_ error: TLSError)
}
