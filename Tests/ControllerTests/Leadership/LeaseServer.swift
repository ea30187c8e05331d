import Foundation
import Kubernetes
import Synchronization
import Telemetry

@testable import metrics_router_controller

/// An API server with one Lease, spoken to as the elector does, that is away, refuses or hangs as it is told.
final class LeaseServer: APIClient {
  enum Mood: Sendable, Equatable {
    case well
    case away
    /// Answers nothing until a request's timeout.
    case hangs
    case refuses
  }

  private struct State {
    var leases = ModelLeases()
    var mood = Mood.well
    var requests: [APIRequest] = []
  }

  private struct Body: Decodable {
    struct Metadata: Decodable {
      var name: String?
      var resourceVersion: String?
    }

    var apiVersion: String?
    var kind: String?
    var metadata: Metadata
    var spec: Lease.Spec
  }

  static let collection = "/apis/coordination.k8s.io/v1/namespaces/ns/leases"
  private let state = Mutex(State())

  var lease: Lease? { state.withLock { $0.leases.lease } }
  var requests: [APIRequest] { state.withLock { $0.requests } }
  func turn(_ mood: Mood) { state.withLock { $0.mood = mood } }

  /// Another replica writes the lease.
  func take(_ spec: Lease.Spec) {
    state.withLock { state in
      let version = state.leases.lease?.metadata.resourceVersion
      _ = state.leases.answer(version.map { .update(spec, resourceVersion: $0) } ?? .create(spec))
    }
  }

  func send(_ request: APIRequest) async throws(TransportError) -> APIResponse {
    let mood = state.withLock { state in
      state.requests.append(request)
      return state.mood
    }
    switch mood {
    case .away: throw TransportError(.unreachable, operation: request.operation, message: "connection refused")
    case .hangs:
      try? await Task.sleep(for: request.timeout)
      throw TransportError(.timeout, operation: request.operation, message: "no answer in time")
    case .refuses: return Self.status(403, "leases \"lock\" is forbidden")
    case .well: break
    }
    guard let asked = Self.asked(request) else { return Self.status(400, "not understood") }
    return state.withLock { state in
      switch state.leases.answer(asked) {
      case .lease(let lease):
        let body = (try? JSONEncoder().encode(lease)).map(Array.init) ?? []
        return APIResponse(status: asked == .read ? 200 : 201, body: body)
      case .absent: return Self.status(404, "leases \"lock\" not found")
      case .conflict, .failed: return Self.status(409, "the object has been modified")
      }
    }
  }

  func open(_ request: APIRequest) async throws(TransportError) -> APIStream {
    throw TransportError(.unreachable, operation: request.operation, message: "not scripted")
  }

  private static func status(_ code: Int, _ message: String) -> APIResponse {
    APIResponse(status: code, body: Status(code: code, reason: nil, message: message).json())
  }

  /// What a request means; nil where it is none that an API server would take.
  private static func asked(_ request: APIRequest) -> LeaseElection.Request? {
    let body = request.body.flatMap { try? JSONDecoder().decode(Body.self, from: Data($0)) }
    switch (request.method, request.path) {
    case (.get, collection + "/lock"): return .read
    case (.post, collection):
      guard let body, body.apiVersion == "coordination.k8s.io/v1", body.kind == "Lease", body.metadata.name == "lock"
      else { return nil }
      return .create(body.spec)
    case (.patch, collection + "/lock"):
      guard let body, let version = body.metadata.resourceVersion,
        request.contentType == "application/merge-patch+json"
      else { return nil }
      return .update(body.spec, resourceVersion: version)
    default: return nil
    }
  }
}

/// The lines of a log, to be counted by what is in them.
final class CountedLines: LogSink {
  private let lines = Mutex<[String]>([])

  func write(_ line: [UInt8]) { lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
  func flush() {}
  func count(of text: String) -> Int { lines.withLock { $0.count { $0.contains(text) } } }
}
