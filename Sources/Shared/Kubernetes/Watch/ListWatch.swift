import FoundationEssentials
import YAML

/// Follows all objects at one path of the API: lists them, watches them, and does so again whatever happens.
package struct ListWatch<Object: KubernetesResource>: Sendable {
  private let client: any APIClient
  private let path: String
  private let selectors: [APIRequest.Parameter]
  private let onTrouble: @Sendable (String) -> Void
  /// What the server is asked to end a watch after, and how much later the connection counts as dead.
  private let lifetime: (seconds: ClosedRange<Int>, grace: Duration)
  private let start = ContinuousClock.now

  /// `path` is that of the collection: `/api/v1/namespaces/kube-system/configmaps`. `onTrouble` is told, in words for a
  /// log, whatever makes the watch wait or leave something out.
  package init(
    client: any APIClient, path: String, fieldSelector: String? = nil, labelSelector: String? = nil,
    onTrouble: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.init(
      client: client, path: path, fieldSelector: fieldSelector, labelSelector: labelSelector,
      lifetime: (300...600, .seconds(30)), onTrouble: onTrouble)
  }

  init(
    client: any APIClient, path: String, fieldSelector: String? = nil, labelSelector: String? = nil,
    lifetime: (seconds: ClosedRange<Int>, grace: Duration), onTrouble: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.client = client
    self.path = path
    self.lifetime = lifetime
    self.onTrouble = onTrouble
    selectors =
      (fieldSelector.map { [.init("fieldSelector", $0)] } ?? [])
      + (labelSelector.map { [.init("labelSelector", $0)] } ?? [])
  }

  /// The events, in order and unbounded; dropping the stream ends the watch.
  package func events() -> AsyncStream<WatchEvent<Object>> {
    AsyncStream { continuation in
      let task = Task {
        await run { continuation.yield($0) }
        continuation.finish()
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// Hands over the events one after another. Returns when its task is cancelled, and not before.
  package func run(_ handle: @escaping @Sendable (WatchEvent<Object>) async -> Void) async {
    var machine = WatchMachine<Object>()
    var action = machine.start()
    while !Task.isCancelled {
      let step: WatchMachine<Object>.Step
      switch action {
      case .list(let version, let token): step = await list(version, token, &machine)
      case .watch(let version): (step, machine) = await watch(from: version, machine, handle)
      }
      guard !Task.isCancelled else { return }
      if let event = step.event { await handle(event) }
      if step.delay > .zero { try? await Task.sleep(for: step.delay) }
      action = step.next ?? machine.start()
    }
  }

  private func list(
    _ version: String, _ continueToken: String?, _ machine: inout WatchMachine<Object>
  ) async -> WatchMachine<Object>.Step {
    var parameters = selectors + [.init("limit", "500")]
    if let continueToken {
      parameters.append(.init("continue", continueToken))
    } else if !version.isEmpty {
      parameters.append(.init("resourceVersion", version))
    }
    do throws(APIError) {
      let page = try await client.get(ObjectPage<Object>.self, path, parameters: parameters)
      for problem in page.unreadable { onTrouble("an object of \(path) cannot be read and is left out: \(problem)") }
      return machine.received(
        page: page.objects, version: page.metadata.resourceVersion ?? "", continueToken: page.metadata.continue,
        at: now, chance: .random(in: 0...1))
    } catch {
      let step = machine.listFailed(.init(error), at: now, chance: .random(in: 0...1))
      report("listing \(path): \(error)", step)
      return step
    }
  }

  private var now: Duration { ContinuousClock.now - start }

  private func report(_ problem: String, _ step: WatchMachine<Object>.Step) {
    guard !Task.isCancelled else { return }
    onTrouble(step.delay > .zero ? "\(problem); next try in \(step.delay.inSeconds) s" : problem)
  }
}

extension ListWatch {
  private enum Outcome: Sendable {
    case ended(WatchMachine<Object>.Step, WatchMachine<Object>)
    case overdue
  }

  /// Reads one watch to its end. A server that does not end it in time is left.
  private func watch(
    from version: String, _ machine: WatchMachine<Object>,
    _ handle: @escaping @Sendable (WatchEvent<Object>) async -> Void
  ) async -> (WatchMachine<Object>.Step, WatchMachine<Object>) {
    let seconds = Int.random(in: lifetime.seconds)
    let request = APIRequest(
      .get, path,
      parameters: selectors + [
        .init("watch", "true"), .init("allowWatchBookmarks", "true"), .init("resourceVersion", version),
        .init("timeoutSeconds", "\(seconds)"),
      ])
    return await withTaskGroup(of: Outcome.self) { group in
      group.addTask { await follow(request, machine, handle) }
      group.addTask {
        try? await Task.sleep(for: .seconds(seconds) + lifetime.grace)
        return .overdue
      }
      var (step, last) = (WatchMachine<Object>.Step(next: nil), machine)
      var hasEnded = false
      for await outcome in group {
        switch outcome {
        case .ended(let ended, let ending): (step, last, hasEnded) = (ended, ending, true)
        case .overdue where !hasEnded && !Task.isCancelled:
          onTrouble("watching \(path): the server did not end the watch in time; the connection counts as dead")
        case .overdue: break
        }
        group.cancelAll()
      }
      return (step, last)
    }
  }

  private func follow(
    _ request: APIRequest, _ start: WatchMachine<Object>, _ handle: @Sendable (WatchEvent<Object>) async -> Void
  ) async -> Outcome {
    var machine = start
    let step = await read(request, &machine, handle)
    return .ended(step, machine)
  }

  private func read(
    _ request: APIRequest, _ machine: inout WatchMachine<Object>, _ handle: @Sendable (WatchEvent<Object>) async -> Void
  ) async -> WatchMachine<Object>.Step {
    var lines = JSONLineDecoder()
    do {
      let stream = try await client.open(request)
      guard stream.status == 200 else { throw APIError.status(try await refusal(stream, request)) }
      machine.watchOpened(at: now)
      for try await piece in stream.body {
        lines.append(piece)
        while let line = try lines.next() {
          let step = take(line, &machine)
          if let event = step.event { await handle(event) }
          if step.next != nil { return step }
        }
      }
      try Task.checkCancellation()
      guard !lines.hasPartialLine else {
        throw TransportError(.broken, operation: request.operation, message: "the body ended within a line")
      }
      return machine.watchEnded(at: now, chance: .random(in: 0...1))
    } catch {
      let step = machine.watchFailed(.init(error), at: now, chance: .random(in: 0...1))
      report("watching \(path): \(error)", step)
      return step
    }
  }

  private func take(_ bytes: [UInt8], _ machine: inout WatchMachine<Object>) -> WatchMachine<Object>.Step {
    do {
      switch try JSONDecoder().decode(WatchLine<Object>.self, from: Data(bytes)) {
      case .changed(let event, let version):
        let step = machine.received(event, version: version, at: now, chance: .random(in: 0...1))
        if step.next != nil { report("watching \(path): an event of version \(version) came out of order", step) }
        return step
      case .bookmark(let version): return machine.receivedBookmark(version: version)
      case .error(let status):
        let failure = WatchMachine<Object>.Failure(APIError.status(status))
        let step = machine.watchFailed(failure, at: now, chance: .random(in: 0...1))
        report("watching \(path): \(APIError.status(status))", step)
        return step
      case .unknown(let type):
        onTrouble("watching \(path): an event of the unknown type \(type) is left out")
        return .init()
      }
    } catch {
      let step = machine.watchMisunderstood(at: now, chance: .random(in: 0...1))
      report("watching \(path): \((error as? DecodingError)?.fieldAndCause ?? "\(error)")", step)
      return step
    }
  }

  /// The Status of an answer that is no watch; its body is read to 64 KiB.
  private func refusal(_ stream: APIStream, _ request: APIRequest) async throws -> Status {
    var body: [UInt8] = []
    for try await piece in stream.body where body.count < 64 << 10 { body += piece }
    let response = APIResponse(status: stream.status, retryAfterSeconds: stream.retryAfterSeconds, body: body)
    return Status(response, operation: request.operation)
  }
}

extension WatchMachine.Failure {
  fileprivate init(_ error: any Error) {
    if case .status(let status)? = error as? APIError {
      self = .refused(code: status.code ?? 500, retryAfterSeconds: status.details?.retryAfterSeconds)
    } else {
      self = .broken
    }
  }
}

extension Duration {
  /// For a person, to a tenth.
  fileprivate var inSeconds: Double { (self / .milliseconds(100)).rounded() / 10 }
}
