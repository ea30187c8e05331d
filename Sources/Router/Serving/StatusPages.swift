import EventLoop
import HTTP

/// A page for the person on call, by plain HTTP on the loopback.
protocol StatusPage: Sendable {
  /// Begins with `/`.
  var path: String { get }
  /// What it shows, in a line, with the query that it takes.
  var summary: String { get }

  func response(to request: RequestHead) async -> Response
}

/// Serves status pages, and at `/` a list of them.
final class StatusPages: Responder {
  private let pages: [any StatusPage]
  private let host: String

  /// `host` is what it is bound to.
  init(_ pages: [any StatusPage], host: String) {
    self.pages = pages
    self.host = host
  }

  func respond(to request: RequestHead, on connection: ConnectionContext) async -> Response {
    // What another site's page has a browser ask: its answer is kept from that page, but the asking has its effect.
    let site = request.headers.first("sec-fetch-site").map { String(decoding: $0, as: UTF8.self) }
    guard request.headers.first("origin") == nil, ["none", "same-origin", nil].contains(site) else {
      return .text(403, "asked by a page of another site\n")
    }
    guard isAddressedHere(request) else {
      return .text(403, "the Host field names another server; use its address\n")
    }
    guard request.method == .get || request.method == .head else { return .text(405, "method not allowed\n") }
    let path = String(decoding: request.path, as: UTF8.self)
    if let page = pages.first(where: { $0.path == path }) { return await page.response(to: request) }
    let list = pages.map { "\($0.path)\($0.summary)\n" }.joined()
    return path == "/" ? .text(200, list) : .text(404, "not found; there are:\n\(list)")
  }

  /// A browser on the same machine can be made to ask here under a name of somebody else's (DNS rebinding).
  private func isAddressedHere(_ request: RequestHead) -> Bool {
    guard let field = request.headers.first("host") else { return request.version == .http2 }
    let text = String(decoding: field, as: UTF8.self)
    let name = text.hasPrefix("[") ? text.prefix { $0 != "]" }.dropFirst() : text.prefix { $0 != ":" }
    return name == "localhost" || name == host || SocketAddress(String(name), port: 0) != nil
  }
}
