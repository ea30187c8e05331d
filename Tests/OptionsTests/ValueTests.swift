import Options
import Testing

@Suite struct ValueTests {
  @Test(arguments: [
    ("5m", Duration.seconds(300)), ("1m30s", .seconds(90)), ("200ms", .milliseconds(200)), ("1.5h", .seconds(5_400)),
    ("0", .zero), ("0s", .zero), ("-2s", .seconds(-2)), ("+2s", .seconds(2)), (".5s", .milliseconds(500)),
    ("1.s", .seconds(1)), ("3us", .microseconds(3)), ("3µs", .microseconds(3)), ("7ns", .nanoseconds(7)),
    ("2562047h", .seconds(2_562_047 * 3_600)), ("0.100000000000000000000h", .seconds(360)),
  ])
  func `a duration is read as Go reads it`(text: String, expected: Duration) {
    #expect(GoDuration.parse(text) == expected)
  }

  @Test(arguments: [
    "", "5", "m", "5 m", "1m 30s", "5x", "-", "--5s", ".s", "1..5s", "9999999999999h", "2562048h", "1e3s", "٣s",
  ])
  func `what is not a duration is refused`(text: String) {
    #expect(GoDuration.parse(text) == nil)
  }

  @Test(arguments: ["5m", "1m30s", "200ms", "1h30m", "0s", "-2s", "1h1ns", "3us"])
  func `a duration is shown as it would be typed`(text: String) throws {
    #expect(GoDuration.format(try #require(GoDuration.parse(text))) == text)
  }

  @Test(arguments: [
    ("localhost:80", "localhost", UInt16(80)), ("10.0.0.1:443", "10.0.0.1", 443), ("[::1]:443", "::1", 443),
    (":8080", "", 8080),
  ])
  func `an address is a host and a port`(text: String, host: String, port: UInt16) throws {
    let address = try #require(Address(text))
    #expect(address == Address(host: host, port: port))
    #expect(address.description == text)
  }

  @Test(arguments: [
    "", "localhost", "localhost:", "a:70000", "a:-1", "a:+1", "::1:80", "[]:80", "[::1:80", "a]:1", "a b:1",
  ])
  func `what is not an address is refused`(text: String) {
    #expect(Address(text) == nil)
  }

  @Test(arguments: [
    ("0", BindAddress.off), ("127.0.0.1:8080", .at(Address(host: "127.0.0.1", port: 8080))),
    (":0", .at(Address(host: "", port: 0))), ("[::1]:8082", .at(Address(host: "::1", port: 8082))),
  ])
  func `where to listen is an address, or 0 for nowhere`(text: String, expected: BindAddress) {
    #expect(BindAddress(text) == expected)
    #expect(expected.description == text)
    #expect(ValueType.bindAddress.parse(text) == expected)
  }

  @Test(arguments: ["", "off", "00", "8080", "0:", "localhost", "::1:80"])
  func `what is neither is refused`(text: String) {
    #expect(ValueType<BindAddress>.bindAddress.parse(text) == nil)
  }
}
