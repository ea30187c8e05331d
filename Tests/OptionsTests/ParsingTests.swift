import Options
import Testing

private enum Color: String, CaseIterable, Sendable {
  case red
  case dark = "dark-blue"
}

/// Flags of every type, as a program declares them.
private struct Sample {
  var flags = FlagSet(program: "sample", version: "1.2.3", summary: "Shows how flags are read.")
  let port: Flag<Int>
  let workers: Flag<Int?>
  let verbosity: Flag<Int>
  let snapshot: Flag<String?>
  let name: Flag<String>
  let headers: Flag<[String]>
  let anonymous: Flag<Bool>
  let reuse: Flag<Bool>
  let resync: Flag<Duration>
  let color: Flag<Color>
  let listen: Flag<Address>
  let kubeconfig: Flag<String?>

  init() {
    port = flags.integer("secure-port", default: 6443, in: 1...65_535, "The port.")
    workers = flags.integer("workers", in: 1...64, "Threads.")
    verbosity = flags.integer("v", default: 0, in: 0...10, "How much is logged.")
    snapshot = flags.file("snapshot", "The table.")
    name = flags.string("name", default: "router", "The name.")
    headers = flags.strings("header", short: "H", "A header.")
    anonymous = flags.bool("anonymous-auth", "No authentication.")
    reuse = flags.bool("reuse", default: true, "Reuse connections.")
    resync = flags.duration("resync", default: .seconds(300), in: .seconds(1) ... .seconds(3_600), "How often.")
    color = flags.choice("color", default: .red, "The color.")
    listen = flags.address("listen", default: Address(host: "", port: 80), "Where.")
    kubeconfig = flags.file("kubeconfig", environment: "KUBECONFIG", "The cluster.")
  }

  func parse(_ arguments: String..., environment: [String: String] = [:]) throws(OptionsError) -> ParsedFlags {
    try flags.parse(arguments) { environment[$0] }
  }

  func message(_ arguments: String..., environment: [String: String] = [:]) -> String? {
    do throws(OptionsError) {
      _ = try flags.parse(arguments) { environment[$0] }
      return nil
    } catch {
      return error.description
    }
  }
}

@Suite struct ParsingTests {
  private let sample = Sample()

  @Test func `without arguments every flag has its default`() throws {
    let parsed = try sample.parse()
    #expect(parsed[sample.port] == 6443)
    #expect(parsed[sample.workers] == nil)
    #expect(parsed[sample.snapshot] == nil)
    #expect(parsed[sample.headers] == [])
    #expect(parsed[sample.anonymous] == false)
    #expect(parsed[sample.reuse] == true)
    #expect(parsed[sample.resync] == .seconds(300))
    #expect(parsed[sample.color] == .red)
    #expect(!parsed.isSet(sample.port))
    #expect(parsed.answer == nil)
  }

  @Test func `a value stands behind an equals sign or in the next word`() throws {
    let parsed = try sample.parse(
      "--secure-port=8443", "--workers", "2", "--name=a=b", "--color", "dark-blue", "--listen=[::1]:9", "--resync=1m30s"
    )
    #expect(parsed[sample.port] == 8443)
    #expect(parsed[sample.workers] == 2)
    #expect(parsed[sample.name] == "a=b")
    #expect(parsed[sample.color] == .dark)
    #expect(parsed[sample.listen] == Address(host: "::1", port: 9))
    #expect(parsed[sample.resync] == .seconds(90))
    #expect(parsed.isSet(sample.port))
  }

  @Test(arguments: [["-v=2"], ["-v", "2"], ["--v=2"], ["--v", "2"]])
  func `a flag of one letter takes one dash or two`(arguments: [String]) throws {
    #expect(try sample.flags.parse(arguments)[sample.verbosity] == 2)
  }

  @Test func `a short form stands for the long one, and lists keep their order`() throws {
    #expect(try sample.parse("-H", "a", "--header=b", "-H=c")[sample.headers] == ["a", "b", "c"])
  }

  @Test func `of a flag given twice the last value counts`() throws {
    #expect(try sample.parse("--name=a", "--name=b")[sample.name] == "b")
  }

  @Test func `a bool needs no value and takes one only behind an equals sign`() throws {
    #expect(try sample.parse("--anonymous-auth")[sample.anonymous])
    #expect(try sample.parse("--anonymous-auth=true")[sample.anonymous])
    #expect(try !sample.parse("--reuse=false")[sample.reuse])
    #expect(sample.message("--anonymous-auth", "false") == #"unexpected argument: "false""#)
  }

  @Test func `the environment stands in for a flag that is not given`() throws {
    let environment = ["KUBECONFIG": "/from/environment"]
    #expect(try sample.parse(environment: environment)[sample.kubeconfig] == "/from/environment")
    #expect(try sample.parse("--kubeconfig=/given", environment: environment)[sample.kubeconfig] == "/given")
  }

  @Test func `a flag without default can be required`() throws {
    #expect(try sample.parse("--snapshot=f").required(sample.snapshot) == "f")
    let parsed = try sample.parse()
    #expect(throws: OptionsError.missingFlag("--snapshot")) { try parsed.required(sample.snapshot) }
  }

  @Test func `an unknown flag is named, with what may be meant`() {
    #expect(sample.message("--secure-prot=1") == "unknown flag: --secure-prot (did you mean --secure-port?)")
    #expect(sample.message("--port=1") == "unknown flag: --port (did you mean --secure-port?)")
    #expect(sample.message("-snapshot=1") == "unknown flag: -snapshot (did you mean --snapshot?)")
    #expect(sample.message("--zzzzzz") == "unknown flag: --zzzzzz")
    #expect(sample.message("--=x") == "unknown flag: --")
    #expect(sample.message("-H5") != nil)
  }

  @Test(arguments: [
    ("--secure-port=0", #"invalid value "0" for --secure-port: expected an integer from 1 to 65535"#),
    ("--secure-port=", #"invalid value "" for --secure-port: expected an integer from 1 to 65535"#),
    ("-v=high", #"invalid value "high" for -v: expected an integer from 0 to 10"#),
    ("--reuse=maybe", #"invalid value "maybe" for --reuse: expected true or false"#),
    ("--color=green", #"invalid value "green" for --color: expected one of red, dark-blue"#),
    ("--listen=::1:80", #"invalid value "::1:80" for --listen: expected host:port, [IPv6]:port or :port"#),
    ("--snapshot=", #"invalid value "" for --snapshot: expected the path of a file"#),
    (
      "--resync=2h",
      #"invalid value "2h" for --resync: expected a duration such as 200ms, 5m or 1m30s, from 1s to 1h"#
    ),
    ("--name", "--name needs a value: expected some text"),
  ])
  func `a bad value is named with its flag and what is expected`(argument: String, message: String) {
    #expect(sample.message(argument) == message)
  }

  @Test func `a flag is not the value of the flag before it`() {
    #expect(sample.message("--snapshot", "--reuse") == "--snapshot needs a value: expected the path of a file")
  }

  @Test func `a bad value from the environment names the variable`() {
    #expect(
      sample.message(environment: ["KUBECONFIG": ""])
        == #"invalid value "" for --kubeconfig from the environment variable KUBECONFIG: expected the path of a file"#)
  }

  @Test func `a word that belongs to nothing is refused`() {
    #expect(sample.message("serve") == #"unexpected argument: "serve""#)
    #expect(sample.message("--", "--reuse") == #"unexpected argument: "--reuse""#)
  }

  @Test func `version is answered before anything else is looked at`() throws {
    #expect(try sample.parse("nonsense", "--version").answer == "sample 1.2.3\n")
  }
}
