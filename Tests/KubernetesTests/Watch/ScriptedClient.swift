import Synchronization

@testable import Kubernetes

/// Answers requests in the order of a script, and remembers them.
final class ScriptedClient: APIClient {
  enum Answer: Sendable {
    case whole(Int, String, retryAfter: Int? = nil)
    /// Pieces of a body, then its end.
    case pieces([String], Ending)
    case failure(TransportError)
  }

  enum Ending: Sendable {
    case clean
    case broken
    /// The body stays open until its reader goes away.
    case never
  }

  private struct State {
    var answers: [Answer]
    var requests: [APIRequest] = []
    var openBodies: [AsyncThrowingStream<[UInt8], any Error>.Continuation] = []
  }

  private let state: Mutex<State>

  init(_ answers: [Answer]) { state = Mutex(State(answers: answers)) }

  var requests: [APIRequest] { state.withLock { $0.requests } }

  private func answer(_ request: APIRequest) throws(TransportError) -> Answer {
    let answer = state.withLock { state -> Answer? in
      state.requests.append(request)
      return state.answers.isEmpty ? nil : state.answers.removeFirst()
    }
    switch answer {
    case .failure(let error)?: throw error
    case let answer?: return answer
    case nil: throw TransportError(.unreachable, operation: request.operation, message: "the script is over")
    }
  }

  func send(_ request: APIRequest) async throws(TransportError) -> APIResponse {
    guard case .whole(let status, let body, let seconds) = try answer(request) else {
      throw TransportError(.broken, operation: request.operation, message: "the script wants a stream")
    }
    return APIResponse(status: status, retryAfterSeconds: seconds, body: Array(body.utf8))
  }

  func open(_ request: APIRequest) async throws(TransportError) -> APIStream {
    switch try answer(request) {
    case .whole(let status, let text, let seconds):
      return APIStream(status: status, retryAfterSeconds: seconds, body: body([text], .clean))
    case .pieces(let pieces, let ending): return APIStream(status: 200, body: body(pieces, ending))
    case .failure(let error): throw error
    }
  }

  private func body(_ pieces: [String], _ ending: Ending) -> AsyncThrowingStream<[UInt8], any Error> {
    let (stream, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
    for piece in pieces { continuation.yield(Array(piece.utf8)) }
    switch ending {
    case .clean: continuation.finish()
    case .broken: continuation.finish(throwing: TransportError(.broken, operation: "GET", message: "reset by peer"))
    case .never: state.withLock { $0.openBodies.append(continuation) }
    }
    return stream
  }
}
