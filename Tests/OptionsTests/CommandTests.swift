import Options
import Testing

@Suite struct CommandTests {
  private var flags = FlagSet(
    program: "router", version: "1", summary: "Serves the metrics of several adapters under one name.")
  private let routes: Command
  private let explain: Command
  private let snapshot: Flag<String?>
  private let port: Flag<Int>
  private let namespace: Flag<String>

  init() {
    routes = flags.command("routes", help: "Print the routing table.")
    explain = flags.command("explain", arguments: "METRIC", help: "Say which source answers for a metric, and why.")
    snapshot = flags.file("snapshot", environment: "SNAPSHOT", "The routing table.")
    flags.section("Serving", for: .main)
    port = flags.integer(
      "secure-port", default: 6443, in: 1...65_535,
      "The port on which metrics are served over TLS, to callers that are authenticated and authorized by the cluster.")
    _ = flags.strings("connect-to", placeholder: "HOST1:PORT1:HOST2:PORT2", "Connect elsewhere.")
    flags.section("Explaining", for: explain)
    namespace = flags.string("namespace", short: "n", default: "default", "Of the object.")
  }

  private func message(_ arguments: String...) -> String? {
    do throws(OptionsError) {
      _ = try flags.parse(arguments) { _ in nil }
      return nil
    } catch {
      return error.description
    }
  }

  @Test func `the first word is the command, wherever flags stand`() throws {
    let parsed = try flags.parse(["--snapshot", "s", "explain", "pods/foo", "-n", "ns"]) { _ in nil }
    #expect(parsed.command == explain)
    #expect(parsed.arguments == ["pods/foo"])
    #expect(parsed[namespace] == "ns")
    #expect(parsed[snapshot] == "s")
  }

  @Test func `without a word the program itself is meant`() throws {
    let parsed = try flags.parse(["--secure-port=1"]) { _ in nil }
    #expect(parsed.command == .main)
    #expect(parsed[port] == 1)
  }

  @Test func `what does not fit the command is refused`() {
    #expect(message("explan", "x") == "unknown command: explan (did you mean explain?)")
    #expect(message("explain") == "explain needs an argument: METRIC")
    #expect(message("explain", "a", "b") == #"unexpected argument: "b""#)
    #expect(message("routes", "a") == #"unexpected argument: "a""#)
    #expect(message("routes", "-n", "x") == "--namespace is not a flag of the command routes")
    #expect(message("-n", "x") == "--namespace needs a command that takes it")
  }

  @Test func `a last argument with dots takes one word or more`() throws {
    var flags = FlagSet(program: "router", version: "1", summary: "")
    let check = flags.command("check", arguments: "KIND", "FILE...", help: "Check files.")
    #expect(try flags.parse(["check", "a", "b"]) { _ in nil }.arguments == ["a", "b"])
    #expect(try flags.parse(["check", "a", "b", "-", "c"]) { _ in nil }.arguments == ["a", "b", "-", "c"])
    #expect(throws: OptionsError.missingArgument("FILE...", command: "check")) {
      _ = try flags.parse(["check", "a"]) { _ in nil }
    }
    #expect(flags.help(for: check).hasPrefix("Usage:\n  router check KIND FILE... [flags]\n"))
  }

  @Test func `help lists commands and flags under their headings, wrapped`() throws {
    #expect(
      flags.help(width: 80) == """
        Usage:
          router [flags]
          router routes [flags]
          router explain METRIC [flags]

        Serves the metrics of several adapters under one name.

        Commands:
          routes
                  Print the routing table.
          explain METRIC
                  Say which source answers for a metric, and why.

        Flags:
              --snapshot file
                  The routing table. (environment: SNAPSHOT)

        Serving:
              --secure-port int
                  The port on which metrics are served over TLS, to callers that are
                  authenticated and authorized by the cluster. (default 6443)
              --connect-to HOST1:PORT1:HOST2:PORT2
                  Connect elsewhere. (may be repeated)

        Help:
          -h, --help
                  Print this and exit.
              --version
                  Print the version and exit.

        """)
  }

  @Test func `help of a command shows what it takes`() throws {
    let answer = try #require(try flags.parse(["explain", "-h"]) { _ in nil }.answer)
    #expect(answer.hasPrefix("Usage:\n  router explain METRIC [flags]\n\nSay which source answers"))
    #expect(answer.contains("  -n, --namespace string\n          Of the object. (default default)\n"))
    #expect(answer.contains("--snapshot"))
    #expect(!answer.contains("--secure-port"))
  }
}
