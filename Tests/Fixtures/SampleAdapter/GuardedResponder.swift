import EventLoop
import HTTP

/// Stands before an adapter: lets in whom the API server allows, and keeps the tokens that it is shown.
final class GuardedResponder: Responder {
  private let guarded: any Responder
  private let callers: DelegatedCallers?
  private let seen: SeenTokens?

  init(_ guarded: any Responder, callers: DelegatedCallers?, seen: SeenTokens?) {
    self.guarded = guarded
    self.callers = callers
    self.seen = seen
  }

  func respond(to request: RequestHead, on connection: ConnectionContext) async -> Response {
    let token = request.headers.first("authorization").flatMap { field in
      let text = String(decoding: field, as: UTF8.self)
      return text.hasPrefix("Bearer ") ? String(text.dropFirst("Bearer ".count)) : nil
    }
    if let token { seen?.record(token) }
    let path = String(decoding: request.path, as: UTF8.self)
    // What a test changes of the adapter is no request of a caller.
    guard path.hasPrefix("/apis") else { return await guarded.respond(to: request, on: connection) }
    switch await callers?.verdict(on: token, path: path) {
    case nil, .allowed: return await guarded.respond(to: request, on: connection)
    case .unknown: return refusal(401, "Unauthorized", "Unauthorized")
    case .forbidden(let message): return refusal(403, "Forbidden", message)
    }
  }

  private func refusal(_ code: Int, _ reason: String, _ message: String) -> Response {
    let body =
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"\#(message)","reason":"\#(reason)","code":\#(code)}"#
    return Response(status: code, contentType: "application/json", body: Array(body.utf8))
  }

  func maintain() { guarded.maintain() }
  func close() { guarded.close() }
}
