import Synchronization

/// The body of a stream between libcurl's thread, which fills it, and the one task that reads it.
final class StreamBuffer: Sendable {
  /// Unread bytes above which libcurl is paused.
  static let maximumBytes = 8 << 20

  typealias Piece = Result<[UInt8]?, TransportError>

  private struct State {
    var pieces: [[UInt8]] = []
    var unread = 0
    var isPaused = false
    var end: Piece?
    var reader: CheckedContinuation<Piece, Never>?
  }

  private let state = Mutex(State())

  /// Returns false where the reader is too far behind: the same bytes must be offered again after a resume.
  func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let (isTaken, reader) = state.withLock { state -> (Bool, CheckedContinuation<Piece, Never>?) in
      guard state.unread <= Self.maximumBytes else {
        state.isPaused = true
        return (false, nil)
      }
      if let reader = state.reader.take() { return (true, reader) }
      state.pieces.append(Array(bytes))
      state.unread += bytes.count
      return (true, nil)
    }
    reader?.resume(returning: .success(Array(bytes)))
    return isTaken
  }

  /// The first end counts; what was read before it is still handed out.
  func finish(_ error: TransportError?) {
    let end: Piece = error.map { .failure($0) } ?? .success(nil)
    let reader = state.withLock { state -> CheckedContinuation<Piece, Never>? in
      guard state.end == nil else { return nil }
      state.end = end
      return state.reader.take()
    }
    reader?.resume(returning: end)
  }

  /// The next piece, nil at the end. `resume` is called where libcurl was paused and may go on.
  func next(resume: () -> Void) async throws(TransportError) -> [UInt8]? {
    let piece = await withCheckedContinuation { continuation in
      let (ready, mayResume) = state.withLock { state -> (Piece?, Bool) in
        if state.pieces.isEmpty {
          if let end = state.end { return (end, false) }
          state.reader = continuation
          return (nil, false)
        }
        var piece: [UInt8] = []
        piece.reserveCapacity(state.unread)
        for unread in state.pieces { piece += unread }
        state.pieces = []
        state.unread = 0
        let wasPaused = state.isPaused
        state.isPaused = false
        return (.success(piece), wasPaused)
      }
      if mayResume { resume() }
      if let ready { continuation.resume(returning: ready) }
    }
    return try piece.get()
  }
}
