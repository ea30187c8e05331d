import Testing

@testable import metrics_router_server

@Suite struct BearerTokenTests {
  @Test(arguments: [
    ("Bearer abc", "abc"), ("bearer abc", "abc"), ("BEARER abc", "abc"), ("bEaReR abc", "abc"),
    ("  Bearer abc \t", "abc"), ("Bearer abc def", "abc"), ("Bearer abc def ghi", "abc"), ("Bearer abc,def", "abc,def"),
    ("Bearer a.b-c_d=", "a.b-c_d="),
  ])
  func `a token is the second word after the scheme, in any case`(_ field: String, _ token: String) {
    #expect(BearerToken.token(of: Array(field.utf8)[...]).map { String(decoding: $0, as: UTF8.self) } == token)
  }

  @Test(arguments: [
    "", " ", "Bearer", "Bearer ", "Bearer  abc", "Bearer\tabc", "Basic abc", "Bearerabc", "Bear abc", "\u{2}earer abc",
    "Bearer:abc", "Token Bearer abc",
  ])
  func `anything else is no token, and no error`(_ field: String) {
    #expect(BearerToken.token(of: Array(field.utf8)[...]) == nil)
  }
}
