/// Who a caller is, as Kubernetes tells it (`k8s.io/apiserver/pkg/authentication/user`).
struct UserInfo: Sendable, Hashable {
  var name: String
  var uid: String = ""
  var groups: [String] = []
  var extra: [String: [String]] = [:]

  static let anonymous = UserInfo(name: "system:anonymous", groups: ["system:unauthenticated"])

  /// The user with `system:authenticated` among its groups, which every successful authenticator adds.
  var authenticated: UserInfo {
    guard !groups.contains("system:authenticated"), !groups.contains("system:unauthenticated") else { return self }
    var user = self
    user.groups.append("system:authenticated")
    return user
  }
}
