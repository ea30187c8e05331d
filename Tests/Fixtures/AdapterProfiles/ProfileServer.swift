package import EventLoop
package import HTTP
import Synchronization

/// An adapter that can be changed while it serves, and says what it was asked. Shared by the loops that serve it.
package final class ProfileState: Sendable {
  package let profile: AdapterProfile
  package let access: AdapterAccess
  /// Before every answer but those to `/profile`.
  package let latency: Duration
  private let stock: Mutex<MetricStock>
  private let targets = Mutex<[String]>([])

  /// Nil takes the profile's own latency.
  package init(
    _ profile: AdapterProfile, stock: MetricStock, access: AdapterAccess = AdapterAccess(), latency: Duration? = nil
  ) {
    self.profile = profile
    self.access = access
    self.latency = latency ?? profile.latency
    self.stock = Mutex(stock)
  }

  package func change(_ change: @Sendable (inout MetricStock) -> Void) { stock.withLock { change(&$0) } }

  package var current: MetricStock { stock.withLock { $0 } }

  /// The paths and queries of the requests so far, as they were sent, those for discovery documents among them.
  package func takeTargets() -> [String] {
    targets.withLock { targets in
      defer { targets = [] }
      return targets
    }
  }

  fileprivate func record(_ target: String) { targets.withLock { $0.append(target) } }
}

/// Serves a profile over HTTP, after its latency. `POST /profile?metric=NAME&condition=idle` and `POST /profile?down=true`
/// change what it has, for tests that run it as a program; whoever reaches the port may.
package final class ProfileResponder: Responder {
  private let state: ProfileState
  private let loop: EventLoop

  package init(_ state: ProfileState, loop: EventLoop) {
    self.state = state
    self.loop = loop
  }

  package func respond(to request: RequestHead, on connection: ConnectionContext) async -> Response {
    let path = String(decoding: request.path, as: UTF8.self)
    let query = String(decoding: request.query, as: UTF8.self)
    if path == "/profile", request.method == .other("POST") { return change(query) }
    state.record(query.isEmpty ? path : path + "?" + query)
    if state.latency > .zero { await loop.sleep(until: .now() + state.latency) }
    guard request.method == .get || request.method == .head else {
      return response(
        .failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource"))
    }
    let authorization = request.headers.first("authorization").map { String(decoding: $0, as: UTF8.self) }
    return response(
      state.profile.answer(
        AdapterRequest(path: request.path, query: request.query), authorization: authorization, access: state.access,
        stock: state.current))
  }

  private func change(_ query: String) -> Response {
    var parameters: [String: String] = [:]
    for parameter in query.utf8.split(separator: UInt8(ascii: "&")) {
      let sides = parameter.split(separator: UInt8(ascii: "="), maxSplits: 1).map {
        AdapterRequest.decoded($0, isForm: true)
      }
      if sides.count == 2 { parameters[sides[0]] = sides[1] }
    }
    if let down = parameters["down"].flatMap({ Bool($0) }) {
      state.change { $0.isDown = down }
    } else if let metric = parameters["metric"],
      let condition = parameters["condition"].flatMap({ MetricStock.Condition(rawValue: $0) })
    {
      state.change { $0.conditions[metric] = condition }
    } else {
      let conditions = MetricStock.Condition.allCases.map(\.rawValue).joined(separator: "|")
      return .text(400, "expected metric=NAME&condition=\(conditions) or down=true|false\n")
    }
    return .text(200, "ok\n")
  }

  private func response(_ answer: AdapterAnswer) -> Response {
    Response(status: answer.status, contentType: answer.contentType, body: Array(answer.body.utf8))
  }
}
