private typealias Answer = ConformanceCase.Answer

private let values = Answer.json(Values.v1beta2)
private let pods =
  #"{"group":"custom.metrics.k8s.io","name":"*","namespace":"ns","resource":"pods","subresource":"foo","verb":"get","version":"v1beta2"}"#
private let unauthorized = "`pkg/endpoints/filters/authentication.go` `Unauthorized`"
private let union = "`pkg/authentication/authenticatorfactory/delegating.go`"

extension ConformanceSection {
  static let authentication = ConformanceSection(
    title: "Delegated authentication",
    introduction: """
      In order: front proxy, client certificate, bearer token, nobody. A step that fails does not stop those behind it. 401
      comes without `WWW-Authenticate`. Over HTTP/2 the connection ends after a 401 and after an answer to somebody unknown, as
      that of an API server since 1.29 does (`UnauthenticatedHTTP2DOSMitigation`).
      """,
    cases: [
      .same("A token that is not good", .get(Target.foo, as: .token("bad")), .unauthorized, unauthorized).asks(),
      .same(
        "A certificate that nobody knows", .get(Target.foo, as: .stranger(token: nil)), .unauthorized, unauthorized
      ).asks(),
      .same(
        "… does not stand in the way of a good token", .get(Target.foo, as: .stranger(token: "good")), values, union
      ).asks("jane [team-a, system:authenticated]: \(pods)"),
      .same(
        "A front proxy's certificate with a name that is not allowed",
        .get(Target.foo, as: .frontProxy("other"), .init("X-Remote-User", "proxied")), .unauthorized,
        "`pkg/authentication/request/x509/x509.go`; " + unauthorized
      ).asks(),
      .same("A token, with the API server down", .get(Target.foo, as: .token("good")), .unauthorized, unauthorized)
        .when(.apiServerDown),
      .same(
        "A caller without anything is nobody", .get(Target.foo, as: .anonymous),
        .forbidden(
          #"pods.custom.metrics.k8s.io \"*\" is forbidden: User \"system:anonymous\" cannot get resource \"pods/foo\" in API group \"custom.metrics.k8s.io\" in the namespace \"ns\": because"#,
          details: #"{"name":"*","group":"custom.metrics.k8s.io","kind":"pods"}"#),
        "`pkg/authentication/request/anonymous/anonymous.go`"
      ).asks("system:anonymous [system:unauthenticated]: \(pods)"),
      .same(
        "… whatever it says of itself",
        .get(
          Target.foo, as: .anonymous, .init("X-Remote-User", "jane"), .init("X-Remote-Group", "system:masters")),
        .forbidden(
          #"pods.custom.metrics.k8s.io \"*\" is forbidden: User \"system:anonymous\" cannot get resource \"pods/foo\" in API group \"custom.metrics.k8s.io\" in the namespace \"ns\": because"#,
          details: #"{"name":"*","group":"custom.metrics.k8s.io","kind":"pods"}"#),
        "`pkg/authentication/request/headerrequest/requestheader.go`"
      ).asks("system:anonymous [system:unauthenticated]: \(pods)"),
      .same(
        "A front proxy says who asks: user, each group, each extra value with its key decoded",
        .get(
          Target.foo, as: .frontProxy("front-proxy-client"), .init("X-Remote-User", "proxied"),
          .init("X-Remote-Group", "a"), .init("X-Remote-Group", "b"),
          .init("X-Remote-Extra-Example.org%2Fscopes", "read"), .init("X-Remote-Extra-Example.org%2Fscopes", "write")),
        values, "`pkg/authentication/request/headerrequest/requestheader.go`"
      ).asks("proxied [a, b, system:authenticated] example.org/scopes=read,write: \(pods)"),
      .same(
        "A user's certificate: the common name is the user, organizations are the groups",
        .get(Target.foo, as: .user("/O=team-a/O=team-b/CN=certified")), values,
        "`pkg/authentication/request/x509/x509.go` `CommonNameUserConversion`"
      ).asks("certified [team-a, team-b, system:authenticated]: \(pods)"),
      .same(
        "… and proxies nobody",
        .get(
          Target.foo, as: .user("/CN=certified"), .init("X-Remote-User", "root"),
          .init("X-Remote-Group", "system:masters")), values,
        "`pkg/authentication/request/headerrequest/requestheader.go`"
      ).asks("certified [system:authenticated]: \(pods)"),
      .same(
        "A bearer token is reviewed", .get(Target.foo, as: .token("good")), values,
        "`plugin/pkg/authenticator/token/webhook/webhook.go`"
      ).asks("jane [team-a, system:authenticated]: \(pods)"),
      .same(
        "Another scheme is no token", .get(Target.foo, as: .anonymous, .init("Authorization", "Basic Z29vZDpnb29k")),
        .forbidden(
          #"pods.custom.metrics.k8s.io \"*\" is forbidden: User \"system:anonymous\" cannot get resource \"pods/foo\" in API group \"custom.metrics.k8s.io\" in the namespace \"ns\": because"#,
          details: #"{"name":"*","group":"custom.metrics.k8s.io","kind":"pods"}"#),
        "`pkg/authentication/request/bearertoken/bearertoken.go`"),
      .differs(
        "Nobody is impersonated", .get(Target.foo, .init("Impersonate-User", "root")), values,
        theirs: .described(
          403, "application/json",
          #"`users "root" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope`"#,
          .nosniff), "`pkg/endpoints/filters/impersonation`",
        because: "kube-apiserver has seen to it before it proxies; whoever asks directly asks as itself"
      ).asks("jane [team-a, system:authenticated]: \(pods)"),
      .same(
        "401 in YAML", .get(Target.foo, as: .token("bad"), .init("Accept", "application/yaml")),
        .yaml(
          401,
          """
          apiVersion: v1
          code: 401
          kind: Status
          message: Unauthorized
          metadata: {}
          reason: Unauthorized
          status: Failure

          """), unauthorized),
      .same(
        "401 to a person", .get(Target.foo, as: .token("bad"), .init("User-Agent", "curl/8.5.0")),
        .indented(
          401,
          """
          {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": "Unauthorized",
            "reason": "Unauthorized",
            "code": 401
          }
          """), unauthorized),
    ])
}
