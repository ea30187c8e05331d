import FoundationEssentials

/// Follows the objects of one kind: lists them in pages, watches from there, and starts again wherever that breaks off,
/// without ever giving up.
package struct ListWatch<Object: KubernetesResource>: Sendable {
  private struct List: Decodable {
    struct Metadata: Decodable {
      var resourceVersion: String?
      var `continue`: String?
    }

    var metadata: Metadata
    var items: [Object]
  }

  private static var pageSize: Int { 500 }

  private let client: any APIClient
  private let path: String
  private let selectors: [APIRequest.Parameter]
  private let onTrouble: @Sendable (String) -> Void

  /// `path` is that of the collection: `/api/v1/namespaces/kube-system/configmaps`. `onTrouble` is told of each failure
  /// before the wait that follows it.
  package init(
    client: any APIClient, path: String, fieldSelector: String? = nil, labelSelector: String? = nil,
    onTrouble: @escaping @Sendable (String) -> Void
  ) {
    self.client = client
    self.path = path
    selectors = [("fieldSelector", fieldSelector), ("labelSelector", labelSelector)].compactMap { name, value in
      value.map { APIRequest.Parameter(name, $0) }
    }
    self.onTrouble = onTrouble
  }

  /// What happens to the objects, from the first complete list on, until the reader's task ends.
  package func events() -> AsyncStream<WatchEvent<Object>> {
    let (stream, continuation) = AsyncStream.makeStream(of: WatchEvent<Object>.self)
    let task = Task.detached {
      await run { continuation.yield($0) }
      continuation.finish()
    }
    continuation.onTermination = { _ in task.cancel() }
    return stream
  }

  private func run(_ emit: @Sendable (WatchEvent<Object>) -> Void) async {
    var state = WatchState<Object>()
    var backoff = Backoff()
    let start = ContinuousClock.now
    while !Task.isCancelled {
      let ending: WatchState<Object>.Ending?
      switch state.step {
      case .list(let version, let token): ending = await list(&state, version, token, emit)
      case .watch(let version): ending = await watch(&state, version, emit)
      }
      guard let ending, !Task.isCancelled, state.end(ending) else { continue }
      var wait = backoff.next(at: ContinuousClock.now - start, chance: .random(in: 0...1))
      if case .failed(let seconds?) = ending { wait = max(wait, .seconds(min(seconds, 60))) }
      try? await Task.sleep(for: wait)
    }
  }

  /// Nil where all went well.
  private func list(
    _ state: inout WatchState<Object>, _ version: String?, _ token: String?,
    _ emit: (WatchEvent<Object>) -> Void
  ) async -> WatchState<Object>.Ending? {
    var parameters = selectors + [APIRequest.Parameter("limit", "\(Self.pageSize)")]
    if let version { parameters.append(.init("resourceVersion", version)) }
    if let token { parameters.append(.init("continue", token)) }
    do throws(APIError) {
      let page = try await client.get(List.self, path, parameters: parameters)
      let event = state.receive(
        page: page.items, resourceVersion: page.metadata.resourceVersion ?? "",
        continueToken: page.metadata.continue)
      if let event { emit(event) }
      return nil
    } catch {
      onTrouble("list \(path): \(error)")
      if case .status(let status) = error {
        return status.code == 410 ? .expired : .failed(retryAfterSeconds: status.details?.retryAfterSeconds)
      }
      return .failed(retryAfterSeconds: nil)
    }
  }

  private func watch(
    _ state: inout WatchState<Object>, _ version: String, _ emit: (WatchEvent<Object>) -> Void
  ) async -> WatchState<Object>.Ending {
    let parameters =
      selectors + [
        .init("watch", "true"), .init("allowWatchBookmarks", "true"), .init("resourceVersion", version),
        .init("timeoutSeconds", "\(Int.random(in: 300...600))"),
      ]
    let stream: APIStream
    do throws(TransportError) {
      stream = try await client.open(APIRequest(.get, path, parameters: parameters))
    } catch {
      onTrouble("watch \(path): \(error)")
      return .failed(retryAfterSeconds: nil)
    }
    guard stream.status == 200 else {
      onTrouble("watch \(path): the server answered \(stream.status)")
      return stream.status == 410 ? .expired : .failed(retryAfterSeconds: stream.retryAfterSeconds)
    }
    do {
      return try await read(stream, &state, emit)
    } catch {
      onTrouble("watch \(path): \(error)")
      return .failed(retryAfterSeconds: nil)
    }
  }

  private func read(
    _ stream: APIStream, _ state: inout WatchState<Object>, _ emit: (WatchEvent<Object>) -> Void
  ) async throws -> WatchState<Object>.Ending {
    var splitter = LineSplitter()
    for try await piece in stream.body {
      for line in try splitter.lines(of: piece) {
        let line = WatchLine<Object>(line)
        if case .malformed(let message) = line { onTrouble("watch \(path): \(message)") }
        if case .error(let status) = line, status.code != 410 { onTrouble("watch \(path): \(APIError.status(status))") }
        let (event, ending) = state.receive(line)
        if let event { emit(event) }
        if let ending { return ending }
      }
    }
    return .clean
  }
}
