import EventLoop
import MetricsAPI

/// Reads the lists of backends, large ones on a thread of its own and one at a time: each takes several times its size in
/// memory, and seconds in which the controller has others to attend to.
actor ListReader {
  /// Bytes that take about as long to read as it takes to start a thread.
  private static let small = 16 << 10

  /// Ends when the last one that was asked for has been read.
  private var last: Task<Void, Never>?

  /// What `body` lists of `group`. Throws where it is no list of it.
  nonisolated func read(_ body: [UInt8], _ group: MetricsGroup) async throws(ListingError) -> APIResourceListing {
    guard body.count > Self.small else { return try APIResourceListing.decode(body, group: group) }
    return try await queue { Result { () throws(ListingError) in try APIResourceListing.decode(body, group: group) } }
      .get()
  }

  private func queue<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    let former = last
    let task = Task {
      await former?.value
      return await YieldingThread.run(named: "list", work)
    }
    last = Task { _ = await task.value }
    return await task.value
  }
}
