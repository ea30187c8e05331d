import MetricsAPI

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

  /// Byte by byte: what was decided about one user must not be remembered for another whose name only looks the same.
  static func == (left: UserInfo, right: UserInfo) -> Bool {
    left.name.hasSameBytes(as: right.name) && left.uid.hasSameBytes(as: right.uid)
      && same(left.groups, right.groups) && left.extra.count == right.extra.count
      && left.extra.allSatisfy { key, values in
        guard let index = right.extra.index(forKey: key) else { return false }
        return right.extra[index].key.hasSameBytes(as: key) && same(values, right.extra[index].value)
      }
  }

  private static func same(_ left: [String], _ right: [String]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { $0.hasSameBytes(as: $1) }
  }
}
