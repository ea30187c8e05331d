import MetricsAPI

/// Who a caller is, as Kubernetes tells it (`k8s.io/apiserver/pkg/authentication/user`). Never changed once made: a copy
/// is a reference, and what is asked of every request is worked out once.
struct UserInfo: Sendable {
  private final class Storage: Sendable {
    let name: String
    let uid: String
    let groups: [String]
    let extra: [String: [String]]
    let hash: Int
    let bytes: Int
    let isPrivileged: Bool
    let isAnonymous: Bool

    init(name: String, uid: String, groups: [String], extra: [String: [String]]) {
      self.name = name
      self.uid = uid
      self.groups = groups
      self.extra = extra
      var hasher = Hasher()
      hasher.combine(name)
      hasher.combine(uid)
      hasher.combine(groups)
      hasher.combine(extra)
      hash = hasher.finalize()
      bytes =
        Self.size(of: [name, uid]) + Self.size(of: groups) + Self.size(of: extra.keys)
        + extra.values.reduce(0) { $0 + Self.size(of: $1) }
      isPrivileged = groups.contains { $0.hasSameBytes(as: UserInfo.privilegedGroup) }
      isAnonymous =
        name.hasSameBytes(as: UserInfo.anonymousName)
        || groups.contains { $0.hasSameBytes(as: UserInfo.unauthenticatedGroup) }
    }

    /// In memory, with what Swift keeps of a string beside its bytes.
    private static func size(of strings: some Collection<String>) -> Int {
      strings.reduce(0) { $0 + 48 + $1.utf8.count }
    }
  }

  static let anonymousName = "system:anonymous"
  static let unauthenticatedGroup = "system:unauthenticated"
  static let authenticatedGroup = "system:authenticated"
  /// Whose members every API server lets do anything.
  static let privilegedGroup = "system:masters"
  static let anonymous = UserInfo(name: anonymousName, groups: [unauthenticatedGroup])

  private let storage: Storage

  init(name: String, uid: String = "", groups: [String] = [], extra: [String: [String]] = [:]) {
    storage = Storage(name: name, uid: uid, groups: groups, extra: extra)
  }

  var name: String { storage.name }
  var uid: String { storage.uid }
  var groups: [String] { storage.groups }
  var extra: [String: [String]] { storage.extra }
  /// Roughly what it takes up in memory.
  var bytes: Int { storage.bytes }
  /// A member of ``privilegedGroup``.
  var isPrivileged: Bool { storage.isPrivileged }
  /// Somebody of whom nothing is known, be it that a front proxy says so.
  var isAnonymous: Bool { storage.isAnonymous }

  /// The user with `system:authenticated` among its groups, which every successful authenticator adds, save to those who
  /// are said to be anonymous (`k8s.io/apiserver/pkg/authentication/group/authenticated_group_adder.go`).
  var authenticated: UserInfo {
    guard !isAnonymous, !groups.contains(where: { $0.hasSameBytes(as: Self.authenticatedGroup) }) else { return self }
    return UserInfo(name: name, uid: uid, groups: groups + [Self.authenticatedGroup], extra: extra)
  }
}

extension UserInfo: Hashable {
  /// Byte by byte: what was decided about one user must not be remembered for another whose name only looks the same.
  static func == (left: UserInfo, right: UserInfo) -> Bool {
    if left.storage === right.storage { return true }
    return left.storage.hash == right.storage.hash && left.name.hasSameBytes(as: right.name)
      && left.uid.hasSameBytes(as: right.uid) && same(left.groups, right.groups)
      && left.extra.count == right.extra.count
      && left.extra.allSatisfy { key, values in
        guard let index = right.extra.index(forKey: key) else { return false }
        return right.extra[index].key.hasSameBytes(as: key) && same(values, right.extra[index].value)
      }
  }

  func hash(into hasher: inout Hasher) { hasher.combine(storage.hash) }

  private static func same(_ left: [String], _ right: [String]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { $0.hasSameBytes(as: $1) }
  }
}
