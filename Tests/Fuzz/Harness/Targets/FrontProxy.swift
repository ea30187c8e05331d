import EventLoop
import Glibc
import Kubernetes
import TLS
import TestSupport

@testable import HTTP
@testable import metrics_router_server

extension FuzzTarget {
  /// Header fields of a request, on connections with certificates of every kind. An input is lines, as they stand in a
  /// request's head.
  static let frontProxy = FuzzTarget(name: "front-proxy", maximumLength: 1024, prepare: { _ = callers }) { input in
    guard let head = head(of: input) else { return }
    for (caller, found) in zip(callers.all, callers.identify(head)) {
      require(found.fresh == found.kept, "a connection's memory changes nothing")
      check(found.fresh, caller.trust, head)
    }
  }

  // Sound: made once, and used by libFuzzer's one thread; its loop has its parts only while that thread waits.
  nonisolated(unsafe) private static let callers = Callers()

  private static func head(of input: UnsafeRawBufferPointer) -> RequestHead? {
    var text = Array("GET /apis HTTP/1.1\r\nHost: x\r\n".utf8)
    for line in input.split(separator: 0x0a) { text += Array(line.filter { $0 != 0x0d }) + [0x0d, 0x0a] }
    text += [0x0d, 0x0a]
    return text.withUnsafeBytes { bytes in
      var parser = HTTP1RequestParser()
      guard case .complete(let head, _)? = try? parser.parse(bytes) else { return nil }
      return head
    }
  }

  /// Who may be found on a connection whose certificate is worth `trust`.
  private static func check(_ found: UserInfo?, _ trust: Callers.Trust, _ head: RequestHead) {
    let values = { (name: String) -> [String] in
      head.headers.fields.compactMap { field in
        guard String(decoding: head.headers.bytes[field.name], as: UTF8.self).lowercased() == name else { return nil }
        return String(decoding: head.headers.bytes[field.value], as: UTF8.self)
      }
    }
    let spoken = values("x-remote-user").first ?? ""
    switch trust {
    case .nothing:
      require(found == nil || found == .anonymous || found == Callers.bearer, "nobody else: \(found?.name ?? "")")
    case .client: require(found == Callers.certified, "the certificate's user alone: \(found?.name ?? "")")
    case .frontProxy where spoken.isEmpty:
      // The front proxy's own name is nobody's, and an unnamed user is whoever has a token.
      require(found == nil || found == .anonymous || found == Callers.bearer, "nobody else: \(found?.name ?? "")")
    case .frontProxy:
      // An ambiguous extra key is refused; a token may then say who it is.
      guard let found, found != Callers.bearer, !(found == .anonymous && spoken != UserInfo.anonymousName) else {
        return
      }
      require(found.name.utf8.elementsEqual(spoken.utf8), "whom the proxy names: \(found.name)")
      let groups = values("x-remote-group").filter { !$0.isEmpty }
      require(
        found.groups.filter { $0 != UserInfo.authenticatedGroup }.elementsEqual(
          groups.filter { $0 != UserInfo.authenticatedGroup }
        ) { $0.utf8.elementsEqual($1.utf8) },
        "the groups that the proxy names: \(found.groups)")
      let extras = head.headers.fields.count { field in
        head.headers.bytes[field.name].count >= 15
          && String(decoding: head.headers.bytes[field.name].prefix(15), as: UTF8.self).lowercased()
            == "x-remote-extra-"
      }
      require(
        found.extra.values.reduce(0) { $0 + $1.count } == extras, "each extra that the proxy gives: \(found.extra)")
    }
  }
}

/// Connections with certificates of every kind, and who is behind them.
private final class Callers {
  enum Trust {
    case nothing, client, frontProxy
  }

  struct Caller {
    let trust: Trust
    /// A connection that lives on.
    let kept: ConnectionContext
    /// One that has forgotten who spoke on it before, though not what its certificate is worth: that takes long.
    let fresh: ConnectionContext

    init(_ trust: Trust, _ certificates: [Certificate]) {
      self.trust = trust
      kept = ConnectionContext(clientCertificates: certificates, peerAddress: nil)
      fresh = ConnectionContext(clientCertificates: certificates, peerAddress: nil)
    }

    func forget() {
      let identity = ConnectionIdentity()
      identity.verdict = ConnectionIdentity.of(fresh).verdict
      identity.verdict?.proxied = nil
      fresh.memory = identity
    }
  }

  static let bearer = UserInfo(name: "bearer", groups: ["team"]).authenticated
  static let certified = UserInfo(name: "certified", groups: ["team"]).authenticated

  let all: [Caller]
  private let authenticator: Authenticator
  private let loop: EventLoop

  init() {
    do {
      let (proxies, users, strangers) = (
        try TestAuthority("proxies"), try TestAuthority("users"), try TestAuthority("strangers")
      )
      defer { for authority in [proxies, users, strangers] { authority.remove() } }
      let chain = { (authority: TestAuthority, subject: String) in
        try Certificate.parse(pem: try authority.issue(subject).certificatePEM(), name: subject)
      }
      all = [
        Caller(.nothing, []),
        Caller(.nothing, try chain(strangers, "/CN=front-proxy-client")),
        Caller(.nothing, try chain(proxies, "/CN=somebody-else")),
        Caller(.client, try chain(users, "/O=team/CN=certified")),
        Caller(.frontProxy, try chain(proxies, "/CN=front-proxy-client")),
      ]
      let text = { (pem: [UInt8]) in String(decoding: pem, as: UTF8.self) }
      let holder = DelegatedConfigurationHolder()
      holder.replace(
        try DelegatedConfiguration([
          "client-ca-file": text(try users.authority.certificatePEM()),
          "requestheader-client-ca-file": text(try proxies.authority.certificatePEM()),
          "requestheader-allowed-names": #"["front-proxy-client"]"#,
          "requestheader-username-headers": #"["X-Remote-User"]"#,
          "requestheader-uid-headers": #"["X-Remote-Uid"]"#,
          "requestheader-group-headers": #"["X-Remote-Group"]"#,
          "requestheader-extra-headers-prefix": #"["X-Remote-Extra-"]"#,
        ]))
      loop = try EventLoop(name: "fuzz")
      authenticator = Authenticator(
        configuration: holder, reviews: TokenReviews(client: OneToken(), lifetime: .seconds(3600)), loop: loop)
    } catch {
      broken("callers can be made: \(error)")
    }
  }

  /// Who sends `head`, on a connection of each caller; nil where it is refused.
  func identify(_ head: RequestHead) -> [(fresh: UserInfo?, kept: UserInfo?)] {
    final class Outcome: @unchecked Sendable {
      // Sound: written on the loop before the semaphore is raised, read behind it.
      var users: [(fresh: UserInfo?, kept: UserInfo?)] = []
    }
    let outcome = Outcome()
    // Sound: this thread waits for as long as the loop has them.
    nonisolated(unsafe) let (authenticator, callers) = (authenticator, all)
    var semaphore = sem_t()
    sem_init(&semaphore, 0, 0)
    defer { sem_destroy(&semaphore) }
    withUnsafeMutablePointer(to: &semaphore) { semaphore in
      nonisolated(unsafe) let semaphore = semaphore
      Task(executorPreference: loop) {
        for caller in callers {
          caller.forget()
          let fresh = try? await authenticator.authenticate(head, on: caller.fresh)
          let kept = try? await authenticator.authenticate(head, on: caller.kept)
          outcome.users.append((fresh, kept))
        }
        sem_post(semaphore)
      }
      while sem_wait(semaphore) != 0 {}
    }
    return outcome.users
  }
}

/// An API server that knows one token.
private struct OneToken: APIClient {
  func send(_ request: APIRequest) async throws(TransportError) -> APIResponse {
    let isKnown = String(decoding: request.body ?? [], as: UTF8.self).contains(#""token":"good""#)
    let status =
      isKnown
      ? #"{"authenticated":true,"user":{"username":"bearer","groups":["team"]}}"# : #"{"authenticated":false}"#
    let review = #"{"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","spec":{},"status":\#(status)}"#
    return APIResponse(status: 201, body: Array(review.utf8))
  }

  func open(_ request: APIRequest) async throws(TransportError) -> APIStream {
    throw TransportError(.unreachable, operation: request.path, message: "not scripted")
  }
}
