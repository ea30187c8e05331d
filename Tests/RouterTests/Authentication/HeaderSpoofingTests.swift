import Foundation
import HTTP
import Kubernetes
import MetricsAPI
import Synchronization
import TestSupport
import Testing

@testable import metrics_router_server

private let metric = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"

/// Everybody who is not the front proxy, by every spelling of what only the front proxy may say, on every path: nobody is
/// taken for whom he says he is.
@Suite struct HeaderSpoofingTests {
  private static let paths = [
    metric, "/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/queue_length", "/apis",
    "/apis/custom.metrics.k8s.io/v1beta2", "/apis/external.metrics.k8s.io/v1beta1", "/openapi/v2", "/openapi/v3",
    "/metrics", "/healthz", "/readyz", "/livez", "/nothing",
  ]

  /// Who `proxied` is, and what he may, is in the fixture: a request that is taken for his would be answered.
  private static let claims: [[(String, String)]] =
    [
      "X-Remote-User", "x-remote-user", "X-REMOTE-USER", "x-ReMoTe-uSeR", "X_Remote_User", "X-Remote_User",
      "x_remote_user", "XRemoteUser", "Remote-User", "X-Forwarded-User", "X-Authenticated-User", "X-WEBAUTH-USER",
      "Impersonate-User", "X-Original-X-Remote-User",
    ].map { [($0, "proxied")] } + [
      [("X-Remote-User", "proxied"), ("X-Remote-User", "proxied")],
      [("X-Remote-User", ""), ("X-Remote-User", "proxied")],
      [("X-Remote-User", "proxied"), ("x-remote-user", "system:anonymous")],
      [("X-Remote-User", "  proxied  ")], [("X-Remote-User", "\tproxied")], [("X-Remote-User", "proxied,jane")],
      [("X-Remote-Group", "system:masters")], [("X-Remote-Group", "system:masters"), ("x-remote-group", "a")],
      [("X-Remote-Uid", "0")], [("X-Remote-Extra-Scopes", "all")],
      [("x-remote-extra-authentication.k8s.io%2fpod", "p")],
      [
        ("X-Remote-User", "proxied"), ("X-Remote-Group", "system:masters"), ("X-Remote-Uid", "0"),
        ("X-Remote-Extra-Scopes", "all"), ("Impersonate-User", "proxied"), ("Impersonate-Group", "system:masters"),
      ],
      [("X-Forwarded-Client-Cert", "Subject=\"CN=front-proxy-client\";URI="), ("X-Remote-User", "proxied")],
      [("X-SSL-Client-CN", "front-proxy-client"), ("X-Remote-User", "proxied")],
      [("X-Forwarded-For", "127.0.0.1"), ("Forwarded", "for=127.0.0.1"), ("X-Remote-User", "proxied")],
    ]

  /// Everybody but the front proxy; nil shows no certificate.
  private static func impostors(
    _ router: RouterFixture, _ stranger: TestAuthority
  ) throws -> [(name: String, certificate: TestAuthority.Issued?)] {
    [
      ("no certificate", nil),
      ("of another authority, with the right name", try stranger.issue("/CN=front-proxy-client")),
      ("of the users' authority, with the right name", try router.users.issue("/O=team/CN=front-proxy-client")),
      ("of the users' authority", try router.users.issue("/O=team/CN=mallory")),
      ("of the right authority, with another name", try router.frontProxies.issue("/CN=mallory")),
      ("of the right authority, with a name that looks alike", try router.frontProxies.issue("/CN=Front-Proxy-Client")),
      ("of the right authority, with the name as organization", try router.frontProxies.issue("/O=front-proxy-client")),
      (
        "of the right authority, for servers",
        try router.frontProxies.issue("/CN=front-proxy-client", usage: "serverAuth")
      ),
      ("of the right authority, for nothing", try router.frontProxies.issue("/CN=front-proxy-client", usage: nil)),
    ]
  }

  /// Nil where the request is refused as no HTTP at all: over HTTP/2 no value begins or ends with a space (RFC 9113, 8.2.1).
  private static func get(
    _ path: String, _ claim: [(String, String)], _ certificate: TestAuthority.Issued?, _ router: RouterFixture
  ) async throws -> CurlResponse? {
    do {
      return try await router.get(path, headers: claim, certificate: certificate)
    } catch let error as TransportError {
      let isPadded = claim.contains { $0.1 != $0.1.trimmingCharacters(in: .whitespaces) }
      guard isPadded, error.message.contains("PROTOCOL_ERROR") else { throw error }
      return nil
    }
  }

  @Test(arguments: [HTTPServer.http2, HTTPServer.http1])
  func `nobody but the front proxy is taken for whom his header fields name`(_ version: String) async throws {
    let router = try await RouterFixture(protocols: [version])
    let stranger = try TestAuthority("front-proxies")
    defer { stranger.remove() }
    var data = try router.configMap()
    data["requestheader-uid-headers"] = #"["X-Remote-Uid"]"#
    router.delegated.replace(try DelegatedConfiguration(data))
    // That the grid would show somebody who gets through.
    let proxy = try router.frontProxies.issue("/CN=front-proxy-client")
    #expect(try await router.get(metric, headers: [("x-REMOTE-user", "proxied")], certificate: proxy).status == 200)
    router.api.state.withLock { $0.accessReviews = [] }
    router.backend.requests.withLock { $0 = [] }

    var asked = 0
    for (impostor, certificate) in try Self.impostors(router, stranger) {
      for path in Self.paths {
        let honest = try await router.get(path, certificate: certificate)
        for claim in Self.claims {
          asked += 1
          guard let answer = try await Self.get(path, claim, certificate, router) else { continue }
          let isSame = answer.status == honest.status && (path == "/metrics" || answer.body == honest.body)
          #expect(isSame, "\(impostor) with \(claim) on \(path): \(answer.status) \(answer.text)")
        }
      }
    }
    #expect(asked == 9 * Self.paths.count * Self.claims.count)
    let users = Set(router.api.state.withLock { $0.accessReviews.map(\.user) })
    #expect(users == ["system:anonymous", "mallory", "front-proxy-client"])
    let reviews = router.api.state.withLock { $0.accessReviews }
    #expect(reviews.allSatisfy { $0.extra?.isEmpty ?? true })
    #expect(reviews.allSatisfy { ($0.uid ?? "").isEmpty })
    #expect(
      Set(reviews.flatMap { $0.groups ?? [] }) == ["team", "system:authenticated", "system:unauthenticated"])
    #expect(router.backend.requests.withLock { $0.isEmpty })
    await router.end()
  }

  @Test func `whom a token names is not overruled by header fields`() async throws {
    let router = try await RouterFixture()
    for claim in Self.claims {
      let answer = try await Self.get(metric, [("Authorization", "Bearer good")] + claim, nil, router)
      #expect(answer == nil || answer?.status == 200)
    }
    let reviews = router.api.state.withLock { $0.accessReviews }
    #expect(Set(reviews.map(\.user)) == ["jane"])
    #expect(Set(reviews.flatMap { $0.groups ?? [] }) == ["team-a", "system:authenticated"])
    await router.end()
  }

  /// What no client sends, and some server would read as a header field all the same.
  private static let spellings = [
    "X-Remote-User : proxied", "X-Remote-User\t: proxied", " X-Remote-User: proxied", "\tX-Remote-User: proxied",
    "X-Remote-User:\r\n proxied", "X-Remote-User\u{0}: proxied", "X-Remote-User\u{b}: proxied",
    "X-Remote-User\r: proxied",
    "X-Remote-User:\u{0}proxied", "X-Remote-User: prox\u{0}ied",
    "X-Remote-User: proxied\rX-Remote-Group: system:masters",
    "X-Remote-User: proxied\nX-Remote-Group: system:masters", "X-Remote\u{2010}User: proxied",
    "\u{feff}X-Remote-User: proxied",
    ":X-Remote-User: proxied", "X-Remote-User; proxied",
  ]

  @Test(arguments: spellings)
  func `a spelling that is no header field is refused, of the front proxy too`(_ line: String) async throws {
    let router = try await RouterFixture(protocols: [HTTPServer.http1])
    let proxy = try router.frontProxies.issue("/CN=front-proxy-client")
    for certificate in [nil, proxy] {
      let request = "GET \(metric) HTTP/1.1\r\nHost: router\r\n\(line)\r\nConnection: close\r\n\r\n"
      let answer = try RawExchange.send(request, port: router.port, certificate: certificate)
      #expect(answer.status == 400, "\(line.debugDescription)")
    }
    #expect(router.api.state.withLock { $0.accessReviews.isEmpty })
    #expect(router.backend.requests.withLock { $0.isEmpty })
    await router.end()
  }
}
