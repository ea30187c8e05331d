import Synchronization
import Testing

@testable import Kubernetes

struct ListWatchTests {
  private static let path = "/api/v1/namespaces/n/configmaps"

  private static func item(_ name: String, _ version: Int) -> String {
    #"{"metadata":{"name":"\#(name)","resourceVersion":"\#(version)"},"data":{"v":"\#(version)"}}"#
  }

  private static func list(_ items: [String], _ version: Int, token: String = "") -> ScriptedClient.Answer {
    .whole(
      200,
      #"{"kind":"ConfigMapList","metadata":{"resourceVersion":"\#(version)","continue":"\#(token)"},"items":[\#(items.joined(separator: ","))]}"#
    )
  }

  private static func line(_ type: String, _ object: String) -> String {
    #"{"type":"\#(type)","object":\#(object)}"# + "\n"
  }

  private func summary(_ event: WatchEvent<ConfigMap>) -> String {
    func text(_ map: ConfigMap) -> String { "\(map.metadata.name ?? "")@\(map.metadata.resourceVersion ?? "")" }
    return switch event {
    case .replaced(let all): "=" + all.map(text).joined(separator: ",")
    case .applied(let map): "+" + text(map)
    case .deleted(let map): "-" + text(map)
    }
  }

  private func parameters(_ request: APIRequest) -> [String: String] {
    Dictionary(uniqueKeysWithValues: request.parameters.map { ($0.name, $0.value) })
  }

  private func events(
    _ client: ScriptedClient, count: Int, onTrouble: @escaping @Sendable (String) -> Void = { _ in }
  ) async -> [String] {
    let watch = ListWatch<ConfigMap>(
      client: client, path: Self.path, fieldSelector: "metadata.name=a", onTrouble: onTrouble)
    var seen: [String] = []
    for await event in watch.events() {
      seen.append(summary(event))
      if seen.count == count { break }
    }
    return seen
  }

  @Test func pagesEventsBookmarksAndExpiryMakeOneSequence() async {
    let text =
      Self.line("ADDED", Self.item("c", 12)) + Self.line("BOOKMARK", #"{"metadata":{"resourceVersion":"15"}}"#)
    let client = ScriptedClient([
      Self.list([Self.item("a", 3)], 10, token: "next"), Self.list([Self.item("b", 4)], 10),
      .pieces([String(text.prefix(25)), String(text.dropFirst(25))], .clean),
      .pieces(
        [
          Self.line("DELETED", Self.item("a", 16))
            + Self.line("ERROR", #"{"kind":"Status","code":410,"reason":"Expired","message":"too old"}"#)
        ], .never),
      Self.list([Self.item("z", 20)], 21),
      .pieces([Self.line("MODIFIED", Self.item("z", 22))], .never),
    ])
    #expect(await events(client, count: 5) == ["=a@3,b@4", "+c@12", "-a@16", "=z@20", "+z@22"])
    let asked = client.requests.map(parameters)
    #expect(asked[0] == ["fieldSelector": "metadata.name=a", "limit": "500", "resourceVersion": "0"])
    #expect(asked[1] == ["fieldSelector": "metadata.name=a", "limit": "500", "continue": "next"])
    #expect(asked[2]["watch"] == "true")
    #expect(asked[2]["allowWatchBookmarks"] == "true")
    #expect(asked[2]["resourceVersion"] == "10")
    #expect((300...600).contains(Int(asked[2]["timeoutSeconds"] ?? "") ?? 0))
    #expect(asked[3]["resourceVersion"] == "15")
    #expect(asked[4] == ["fieldSelector": "metadata.name=a", "limit": "500"])
    #expect(asked[5]["resourceVersion"] == "21")
  }

  @Test func anExpiredWatchIsRefusedByItsHeadToo() async {
    let client = ScriptedClient([
      Self.list([], 10), .whole(410, #"{"kind":"Status","code":410,"message":"too old"}"#), Self.list([], 20),
      .pieces([], .never),
    ])
    #expect(await events(client, count: 2) == ["=", "="])
  }

  @Test func aStrangeObjectInAListIsLeftOutAndTold() async {
    let troubles = Mutex<[String]>([])
    let client = ScriptedClient([
      Self.list([#"{"metadata":{"name":"x"},"data":7}"#, Self.item("a", 3)], 10), .pieces([], .never),
    ])
    #expect(await events(client, count: 1) { trouble in troubles.withLock { $0.append(trouble) } } == ["=a@3"])
    #expect(troubles.withLock { $0 }.first?.contains("items[0].data") == true)
  }

  @Test func aTruncatedLineIsABreakAndTheWatchGoesOnFromTheLastEvent() async {
    let client = ScriptedClient([
      Self.list([], 10),
      .pieces([Self.line("ADDED", Self.item("a", 11)) + #"{"type":"ADD"#], .clean),
      .pieces([Self.line("ADDED", Self.item("b", 12))], .never),
    ])
    #expect(await events(client, count: 3) == ["=", "+a@11", "+b@12"])
    #expect(parameters(client.requests[2])["resourceVersion"] == "11")
  }

  @Test(.timeLimit(.minutes(1))) func aServerThatDoesNotEndItsWatchIsLeft() async {
    let troubles = Mutex<[String]>([])
    let client = ScriptedClient([
      Self.list([], 10), .pieces([Self.line("ADDED", Self.item("a", 11))], .never),
      .pieces([Self.line("ADDED", Self.item("b", 12))], .never),
    ])
    let watch = ListWatch<ConfigMap>(
      client: client, path: Self.path, lifetime: (0...0, .milliseconds(200)),
      onTrouble: { trouble in troubles.withLock { $0.append(trouble) } })
    var seen: [String] = []
    for await event in watch.events() {
      seen.append(summary(event))
      if seen.count == 3 { break }
    }
    #expect(seen == ["=", "+a@11", "+b@12"])
    #expect(parameters(client.requests[2])["resourceVersion"] == "11")
    #expect(troubles.withLock { $0 }.first?.contains("did not end the watch in time") == true)
  }

  @Test func aGoListThatIsNullIsEmpty() async {
    let client = ScriptedClient([
      .whole(200, #"{"metadata":{"resourceVersion":"1"},"items":null}"#), .pieces([], .never),
    ])
    #expect(await events(client, count: 1) == ["="])
  }

  @Test(.timeLimit(.minutes(1))) func cancellingEndsAnIdleWatchAtOnce() async {
    let client = ScriptedClient([Self.list([], 10), .pieces([], .never)])
    let (started, continuation) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      await ListWatch<ConfigMap>(client: client, path: Self.path).run { _ in continuation.yield() }
    }
    for await _ in started { break }
    let before = ContinuousClock.now
    task.cancel()
    await task.value
    #expect(ContinuousClock.now - before < .seconds(2))
  }

  @Test(.timeLimit(.minutes(1))) func cancellingEndsAWaitAtOnce() async {
    let client = ScriptedClient([.whole(429, "{}", retryAfter: 200)])
    let (troubled, continuation) = AsyncStream.makeStream(of: String.self)
    let task = Task {
      await ListWatch<ConfigMap>(client: client, path: Self.path) { continuation.yield($0) }.run { _ in }
    }
    for await trouble in troubled {
      #expect(trouble.contains("next try in 200.0 s"))
      break
    }
    task.cancel()
    await task.value
    #expect(client.requests.count == 1)
  }
}
