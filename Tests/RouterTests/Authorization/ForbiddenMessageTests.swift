import MetricsAPI
import Testing

@testable import metrics_router_server

@Suite struct ForbiddenMessageTests {
  private let user = UserInfo(name: "u")

  private func message(_ path: String, _ user: UserInfo? = nil, reason: String = "") throws -> String {
    let attributes = try RequestPath.parse(path).attributes()
    return Authorizer.forbiddenMessage(user ?? self.user, attributes, reason: reason)
  }

  @Test func `a metric of an object`() throws {
    #expect(
      try message("/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo")
        == #"pods.custom.metrics.k8s.io "*" is forbidden: User "u" cannot get resource "pods/foo" in API group "custom.metrics.k8s.io" in the namespace "ns""#
    )
  }

  @Test func `a metric without a namespace`() throws {
    #expect(
      try message("/apis/custom.metrics.k8s.io/v1beta2/nodes/n1/foo")
        == #"nodes.custom.metrics.k8s.io "n1" is forbidden: User "u" cannot get resource "nodes/foo" in API group "custom.metrics.k8s.io" at the cluster scope"#
    )
  }

  @Test func `an external metric has no name`() throws {
    #expect(
      try message("/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/qlen", reason: "because")
        == #"qlen.external.metrics.k8s.io is forbidden: User "u" cannot list resource "qlen" in API group "external.metrics.k8s.io" in the namespace "ns": because"#
    )
  }

  @Test func `a path that is no resource`() throws {
    #expect(try message("/version") == #"forbidden: User "u" cannot get path "/version""#)
  }

  @Test func `names are quoted as Go quotes them, and hold no markup`() throws {
    let odd = UserInfo(name: "a\"b\\c\n\t\u{7}\u{1b}é\u{200b}\u{e000}\u{10ffff}<x>&")
    #expect(
      try message("/version", odd)
        == #"forbidden: User "a\"b\\c\n\t\a\x1bé\u200b\ue000\U0010ffff&lt;x&gt;&amp;" cannot get path "/version""#)
  }
}
