import FoundationEssentials
import HTTP
import Routing

/// `/` for browsers: one page with everything in it. What it shows it asks the other pages for.
struct HomePage: StatusPage {
  let path = "/"
  let summary = ": these pages for people, in a browser"

  private static let body = Array(PageMarkup.html(style: PageStyle.css, script: PageScript.js).utf8)

  /// Lets the page be what it is and nothing else: no script but its own, no server but this one, no frame around it. Trusted
  /// types keep its script from ever making elements out of text.
  private static let policy = [
    "default-src 'none'", "connect-src 'self'", "img-src data:", "style-src \(hash(PageStyle.css))",
    "script-src \(hash(PageScript.js))", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    "require-trusted-types-for 'script'", "trusted-types 'none'",
  ].joined(separator: "; ")

  /// In quotes, as a policy names it (CSP level 3, 2.3.1). Where OpenSSL cannot compute it, nothing is let in.
  private static func hash(_ text: String) -> String {
    let digits = SHA256Digest.hexadecimal(Array(text.utf8)[...]) ?? []
    let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { index in
      UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16)
    }
    return bytes.isEmpty ? "'none'" : "'sha256-\(Data(bytes).base64EncodedString())'"
  }

  func response(to request: RequestHead) async -> Response {
    Response(
      status: 200, contentType: "text/html; charset=utf-8", body: Self.body,
      fields: [("Content-Security-Policy", Self.policy)])
  }

  /// Whether a browser asks, which is given the page; others get the list of pages.
  static func isWanted(by request: RequestHead) -> Bool {
    request.headers.list("accept", contains: "text/html")
  }
}
