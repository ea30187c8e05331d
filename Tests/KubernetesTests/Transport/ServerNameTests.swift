import Testing

@testable import Kubernetes

struct ServerNameTests {
  @Test("Without another name a request goes as it is")
  func unchanged() throws {
    for name in [nil, "", "H"] {
      let target = try ConnectTarget(url: "https://h:1/x", serverName: name, connectTo: ["a:1:b:2"])
      #expect(target.url == "https://h:1/x")
      #expect(target.connectTo == ["a:1:b:2"])
      #expect(target.host == nil)
    }
    #expect(try ConnectTarget(url: "http://h/x", serverName: "n", connectTo: []).url == "http://h/x")
  }

  @Test(
    "Another name goes into the URL, and the host into the address and Host",
    arguments: [
      ("https://h/x?y", "n", [], "https://n:443/x?y", "::h:443", "h"),
      ("https://h:1/x", "n", ["z:1:no:9", "h:1:127.0.0.1:2", "::no:9"], "https://n:1/x", "::127.0.0.1:2", "h:1"),
      ("https://h:1", "n", [":1::2"], "https://n:1", "::h:2", "h:1"),
      ("https://[fd00::1]:6443/", "n", [], "https://n:6443/", "::[fd00::1]:6443", "[fd00::1]:6443"),
      ("https://h:1/", "n", ["h::[::1]:"], "https://n:1/", "::[::1]:1", "h:1"),
      // libcurl asks for 8.8.8.8, and is to go to h all the same.
      ("https://h:1/", "134744072", [], "https://134744072:1/", "::h:1", "h:1"),
      ("https://h:1/", "fd00::2", [], "https://[fd00::2]:1/", "::h:1", "h:1"),
    ])
  func renamed(
    url: String, name: String, connectTo: [String], expectedURL: String, expectedEntry: String, host: String
  ) throws {
    let target = try ConnectTarget(url: url, serverName: name, connectTo: connectTo)
    #expect(target.url == expectedURL)
    #expect(target.connectTo == [expectedEntry])
    #expect(target.host == host)
  }
}
