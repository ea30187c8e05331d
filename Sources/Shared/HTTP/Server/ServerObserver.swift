package import TLS

/// Told what happens to the connections of a server, on its loop: for counting.
package protocol ServerObserver: Sendable {
  func connectionOpened()
  func connectionClosed()
  /// Beyond the bound on connections, and closed at once.
  func connectionRefused()
  func handshakeFailed(_ error: TLSError)
  /// Every ``HTTPServer/Configuration/maintenanceInterval``: how much later than that the loop came round to it. As late is
  /// whatever else is due on it.
  func loopCameRound(late: Duration)
}
