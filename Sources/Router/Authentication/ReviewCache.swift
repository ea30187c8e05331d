import EventLoop

/// Remembers answers of the API server for a while, and asks each question once however many callers wait for it.
/// Errors reach those who wait and are never remembered. Belongs to one event loop.
final class ReviewCache<Key: Hashable, Value: Sendable, Failure: Error> {
  private struct Entry {
    var value: Value
    var expires: MonotonicTime
  }

  private final class Waiting {
    var continuations: [UnsafeContinuation<Result<Value, Failure>, Never>] = []
  }

  private var entries: [Key: Entry] = [:]
  private var underWay: [Key: Waiting] = [:]
  /// Entries; when full, the expired ones go, and if that does not help, all.
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  func cached(_ key: Key, at now: MonotonicTime) -> Value? {
    guard let entry = entries[key], entry.expires > now else { return nil }
    return entry.value
  }

  /// The remembered answer, that of a question already under way, or that of `ask`. `lifetime` says for how long an
  /// answer counts.
  func value(
    _ key: Key, loop: EventLoop, lifetime: (Value) -> Duration, ask: () async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    if let known = cached(key, at: loop.now) { return known }
    if let waiting = underWay[key] {
      let result = await withUnsafeContinuation { waiting.continuations.append($0) }
      return try result.get()
    }
    let waiting = Waiting()
    underWay[key] = waiting
    let result: Result<Value, Failure>
    do throws(Failure) {
      result = .success(try await ask())
    } catch {
      result = .failure(error)
    }
    underWay[key] = nil
    if case .success(let value) = result { insert(key, value, expires: loop.now + lifetime(value), now: loop.now) }
    for continuation in waiting.continuations { continuation.resume(returning: result) }
    return try result.get()
  }

  private func insert(_ key: Key, _ value: Value, expires: MonotonicTime, now: MonotonicTime) {
    if entries.count >= capacity {
      entries = entries.filter { $0.value.expires > now }
      if entries.count >= capacity { entries.removeAll(keepingCapacity: true) }
    }
    entries[key] = Entry(value: value, expires: expires)
  }
}
