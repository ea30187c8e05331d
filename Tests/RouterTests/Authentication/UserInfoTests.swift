import Testing

@testable import metrics_router_server

@Suite struct UserInfoTests {
  private let composed = "jos\u{e9}"
  private let decomposed = "jose\u{301}"

  @Test func `names that only look the same are two users`() {
    #expect(composed == decomposed)
    #expect(UserInfo(name: composed) != UserInfo(name: decomposed))
    #expect(UserInfo(name: "a", groups: [composed]) != UserInfo(name: "a", groups: [decomposed]))
    #expect(UserInfo(name: "a", extra: ["k": [composed]]) != UserInfo(name: "a", extra: ["k": [decomposed]]))
    #expect(UserInfo(name: "a", extra: [composed: ["v"]]) != UserInfo(name: "a", extra: [decomposed: ["v"]]))
  }

  @Test func `the same user is the same user`() {
    let user = UserInfo(name: composed, uid: "1", groups: ["a", "b"], extra: ["k": ["v", "w"], "l": []])
    #expect(user == user)
    #expect(Set([user]).contains(user))
  }

  @Test func `the order of groups counts, since it is asked about as it is`() {
    #expect(UserInfo(name: "a", groups: ["a", "b"]) != UserInfo(name: "a", groups: ["b", "a"]))
  }
}
