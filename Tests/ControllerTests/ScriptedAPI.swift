import Kubernetes
import Synchronization

/// An API server that answers each method and path as it is told, and remembers what it was sent.
final class ScriptedAPI: APIClient {
  private let answers: [String: APIResponse]
  private let seen = Mutex<[APIRequest]>([])

  /// By method and path: `GET /api/v1/namespaces/ns/services/adapter`.
  init(_ answers: [String: (status: Int, body: String)]) {
    self.answers = answers.mapValues { APIResponse(status: $0.status, body: Array($0.body.utf8)) }
  }

  var requests: [APIRequest] { seen.withLock { $0 } }

  func send(_ request: APIRequest) async throws(TransportError) -> APIResponse {
    seen.withLock { $0.append(request) }
    guard let answer = answers[request.operation] else {
      throw TransportError(.unreachable, operation: request.operation, message: "connection refused")
    }
    return answer
  }

  func open(_ request: APIRequest) async throws(TransportError) -> APIStream {
    throw TransportError(.unreachable, operation: request.operation, message: "not scripted")
  }
}
