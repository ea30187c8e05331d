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

/// Serves status pages, and at `/` the page for browsers, or a list of them to whoever is none.
final class StatusPages: Responder {
  private let pages: [any StatusPage]
  private let host: String

  /// `host` is what it is bound to.
  init(_ pages: [any StatusPage], host: String) {
    self.pages = pages
    self.host = host
  }

  func respond(to request: RequestHead, on connection: ConnectionContext) async -> Response {
    var response = await answer(request)
    response.cacheControl = "no-store"
    response.fields += Self.protection
    if !response.fields.contains(where: { $0.name == "Content-Security-Policy" }) {
      response.fields.append(("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"))
    }
    return response
  }

  /// What is shown is for whoever asked, and for no other page of the browser.
  private static let protection = [
    (name: "X-Content-Type-Options", value: "nosniff"), (name: "Referrer-Policy", value: "no-referrer"),
    (name: "Cross-Origin-Resource-Policy", value: "same-origin"),
    (name: "Cross-Origin-Opener-Policy", value: "same-origin"),
  ]

  private func answer(_ request: RequestHead) async -> Response {
    let path = String(decoding: request.path, as: UTF8.self)
    let isHome = path == "/" && HomePage.isWanted(by: request)
    // What another site's page has a browser ask: its answer is kept from that page, but the asking has its effect. A link to
    // the page for browsers has none.
    let site = Self.text("sec-fetch-site", of: request)
    let isFollowed = isHome && Self.text("sec-fetch-mode", of: request) == "navigate"
    guard request.headers.first("origin") == nil, isFollowed || ["none", "same-origin", nil].contains(site) else {
      return .text(403, "asked by a page of another site\n")
    }
    guard isAddressedHere(request) else {
      return .text(403, "the Host field names another server; use its address, or localhost\n")
    }
    guard request.method == .get || request.method == .head else {
      var response = Response.text(405, "method not allowed: GET and HEAD are\n")
      response.fields.append(("Allow", "GET, HEAD"))
      return response
    }
    if isHome { return await HomePage().response(to: request) }
    if let page = pages.first(where: { $0.path == path }) { return await page.response(to: request) }
    let list = pages.map { "\($0.path)\($0.summary)\n" }.joined()
    return path == "/" ? .text(200, list) : .text(404, "not found; there are:\n\(list)")
  }

  private static func text(_ name: StaticString, of request: RequestHead) -> String? {
    request.headers.first(name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A browser on the same machine can be made to ask here under a name of somebody else's (DNS rebinding). An address is
  /// nobody's name: the browser has asked nobody else under it.
  private func isAddressedHere(_ request: RequestHead) -> Bool {
    guard let field = request.headers.first("host") else { return request.version == .http2 }
    let text = String(decoding: field, as: UTF8.self)
    let name = text.hasPrefix("[") ? text.prefix { $0 != "]" }.dropFirst() : text.prefix { $0 != ":" }
    return name == "localhost" || name == host || SocketAddress(String(name), port: 0) != nil
  }
}
