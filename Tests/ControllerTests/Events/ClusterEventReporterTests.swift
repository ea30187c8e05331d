import Foundation
import Kubernetes
import Synchronization
import Testing

@testable import metrics_router_controller

@Suite struct ClusterEventReporterTests {
  private static let path = "/api/v1/namespaces/default/events"
  private let event = SourceEvent(severity: .warning, reason: .conflict, message: "both list q")

  /// An API server that gives one answer after the other, and the last one from then on; nil is no answer.
  private final class Sequence: APIClient {
    private let answers: [APIResponse?]
    private let seen = Mutex<[APIRequest]>([])

    init(_ answers: [APIResponse?]) { self.answers = answers }

    var requests: [APIRequest] { seen.withLock { $0 } }

    func send(_ request: APIRequest) async throws(TransportError) -> APIResponse {
      let count = seen.withLock { seen in
        seen.append(request)
        return seen.count
      }
      guard let answer = answers[min(count, answers.count) - 1] else {
        throw TransportError(.unreachable, operation: request.operation, message: "connection refused")
      }
      return answer
    }

    func open(_ request: APIRequest) async throws(TransportError) -> APIStream {
      throw TransportError(.unreachable, operation: request.operation, message: "not scripted")
    }
  }

  private static let created = APIResponse(status: 201, body: Array("{}".utf8))

  private static func refusal(_ code: Int, retryAfter: Int? = nil) -> APIResponse {
    APIResponse(
      status: code, retryAfterSeconds: retryAfter,
      body: Array(#"{"kind":"Status","message":"refused with \#(code)","code":\#(code)}"#.utf8))
  }

  private func reporter(_ api: any APIClient, _ leadership: Leadership = .always) -> ClusterEventReporter {
    var patience = ClusterEventReporter.Patience()
    patience.pause = .milliseconds(1)
    patience.maximumPause = .milliseconds(2)
    patience.maximumRetryAfter = .milliseconds(60)
    return ClusterEventReporter(
      client: api, group: "metricsrouter.io", leadership: leadership, patience: patience)
  }

  private func sent(_ request: APIRequest?) throws -> Event {
    try JSONDecoder().decode(Event.self, from: Data(try #require(request?.body)))
  }

  private func body(_ source: MetricsSource, _ event: SourceEvent) async throws -> Event {
    let api = Sequence([Self.created])
    #expect(try await reporter(api).report(event, of: source, at: .now) == .told)
    #expect(api.requests.map(\.operation) == ["POST \(Self.path)"])
    return try sent(api.requests.first)
  }

  @Test func `an event is created beside the source that it is about`() async throws {
    var source = metricsSource("a", plainSpec(), uid: "u-1")
    source.metadata.resourceVersion = "77"
    let sent = try await body(source, event)
    #expect(sent.kind == "Event")
    #expect(sent.apiVersion == "v1")
    #expect(
      sent.involvedObject
        == .init(
          apiVersion: "metricsrouter.io/v1alpha1", kind: "MetricsSource", name: "a", uid: "u-1", resourceVersion: "77"))
    #expect(sent.metadata.namespace == "default")
    #expect(sent.metadata.name?.wholeMatch(of: /a\.[0-9a-f]{16}/) != nil)
    #expect(sent.type == "Warning")
    #expect(sent.reason == "Conflict")
    #expect(sent.message == "both list q")
    #expect(sent.reportingComponent == "metrics-router-controller")
    #expect(sent.source?.component == "metrics-router-controller")
    #expect(sent.count == 1)
    #expect(sent.firstTimestamp == sent.lastTimestamp)
    #expect(sent.lastTimestamp.flatMap { try? Date($0, strategy: .iso8601) } != nil)
  }

  @Test func `an event has the time when it happened, not when it is told`() async throws {
    let api = Sequence([Self.created])
    let time = Date(timeIntervalSince1970: 1_700_000_000)
    _ = try await reporter(api).report(event, of: metricsSource("a", plainSpec()), at: time)
    #expect(try sent(api.requests.first).firstTimestamp == "2023-11-14T22:13:20Z")
  }

  @Test func `names and messages are cut to what an API server accepts`() async throws {
    let name = String(repeating: "a", count: 235) + "-" + String(repeating: "b", count: 10)
    let long = SourceEvent(severity: .normal, reason: .synced, message: "xy" + String(repeating: "€", count: 1000))
    let sent = try await body(metricsSource(name, plainSpec()), long)
    let sentName = try #require(sent.metadata.name)
    #expect(sentName.hasPrefix(String(repeating: "a", count: 235) + "."))
    #expect(sentName.utf8.count == 252)
    #expect(sent.involvedObject.name == name)
    #expect(sent.message.utf8.count <= Event.maximumMessageLength)
    #expect(sent.message.utf8.count > Event.maximumMessageLength - 4)
    #expect(sent.message.hasSuffix("€…"))
  }

  @Test func `characters that speak to a terminal are shown by their number`() async throws {
    let hostile = SourceEvent(severity: .normal, reason: .synced, message: "a\u{1b}[2Jb\nc\u{202e}d")
    #expect(try await body(metricsSource("a", plainSpec()), hostile).message == #"a\u001b[2Jb\nc\u202ed"#)
  }

  @Test func `what happens again is counted on the event that is there`() async throws {
    let api = Sequence([Self.created])
    let (reporter, source) = (reporter(api), metricsSource("a", plainSpec()))
    for _ in 0..<3 { #expect(try await reporter.report(event, of: source, at: .now) == .told) }
    let name = try #require(try sent(api.requests.first).metadata.name)
    #expect(
      api.requests.map(\.operation)
        == ["POST \(Self.path)", "PATCH \(Self.path)/\(name)", "PATCH \(Self.path)/\(name)"])
    let patch = try #require(
      try JSONSerialization.jsonObject(with: Data(api.requests[2].body ?? [])) as? [String: Any])
    #expect(Set(patch.keys) == ["count", "lastTimestamp", "message"])
    #expect(patch["count"] as? Int == 3)
  }

  @Test func `an event that the API server has forgotten is made anew, with its count`() async throws {
    let api = Sequence([Self.created, Self.refusal(404), Self.created])
    let (reporter, source) = (reporter(api), metricsSource("a", plainSpec()))
    for _ in 0..<2 { _ = try await reporter.report(event, of: source, at: .now) }
    #expect(api.requests.map(\.method) == [.post, .patch, .post])
    #expect(try sent(api.requests.last).count == 2)
    #expect(try sent(api.requests.last).metadata.name == sent(api.requests.first).metadata.name)
  }

  @Test func `the tenth of many different failures begins one event for those that follow`() async throws {
    let api = Sequence([Self.created])
    let (reporter, source) = (reporter(api), metricsSource("a", plainSpec()))
    for index in 1...12 {
      _ = try await reporter.report(
        SourceEvent(severity: .warning, reason: .syncFailed, message: "m\(index)"), of: source, at: .now)
    }
    #expect(api.requests.map(\.method) == Array(repeating: .post, count: 10) + [.patch, .patch])
    #expect(try sent(api.requests[9]).message == "(combined from similar events): m10")
    #expect(
      String(decoding: api.requests[11].body ?? [], as: UTF8.self).contains("(combined from similar events): m12"))
  }

  @Test func `of one source no more than so many are sent`() async throws {
    let api = Sequence([Self.created])
    let reporter = reporter(api)
    var fates: [EventFate] = []
    for _ in 0..<30 { fates.append(try await reporter.report(event, of: metricsSource("a", plainSpec()), at: .now)) }
    #expect(fates == Array(repeating: .told, count: 25) + Array(repeating: .suppressed, count: 5))
    #expect(api.requests.count == 25)
    #expect(try await reporter.report(event, of: metricsSource("b", plainSpec()), at: .now) == .told)
  }

  @Test func `a refusal is an error that says what would have been told, and is not tried again`() async {
    for code in [400, 401, 403, 422] {
      let api = Sequence([Self.refusal(code)])
      await #expect {
        try await reporter(api).report(event, of: metricsSource("a", plainSpec()), at: .now)
      } throws: {
        "\($0)" == "event Conflict of MetricsSource a: refused with \(code); the event was: both list q"
      }
      #expect(api.requests.count == 1)
    }
  }

  @Test(arguments: [429, 500, 503, nil])
  func `what may pass is tried again, and then given up`(_ code: Int?) async throws {
    let failure = code.map { Self.refusal($0) }
    let passing = Sequence([failure, failure, Self.created])
    #expect(try await reporter(passing).report(event, of: metricsSource("a", plainSpec()), at: .now) == .told)
    #expect(passing.requests.count == 3)
    #expect(Set(passing.requests.map(\.body)).count == 1)
    let lasting = Sequence([failure])
    await #expect(throws: ReportError.self) {
      try await reporter(lasting).report(event, of: metricsSource("a", plainSpec()), at: .now)
    }
    #expect(lasting.requests.count == ClusterEventReporter.Patience().attempts)
  }

  @Test func `a server that asks for a pause gets it, up to a bound`() async throws {
    let api = Sequence([Self.refusal(429, retryAfter: 3600), Self.created])
    let start = ContinuousClock.now
    _ = try await reporter(api).report(event, of: metricsSource("a", plainSpec()), at: .now)
    #expect(ContinuousClock.now - start >= .milliseconds(60))
  }

  @Test func `an event whose first attempt got through without an answer is there once`() async throws {
    let api = Sequence([nil, Self.refusal(409)])
    #expect(try await reporter(api).report(event, of: metricsSource("a", plainSpec()), at: .now) == .told)
    #expect(api.requests.count == 2)
  }

  @Test func `it is given up when the leadership ends between two attempts`() async throws {
    let leadership = Leadership()
    leadership.lead(until: .now + .milliseconds(100))
    let api = Sequence([Self.refusal(429, retryAfter: 1), Self.created])
    var patience = ClusterEventReporter.Patience()
    patience.maximumRetryAfter = .milliseconds(150)
    let reporter = ClusterEventReporter(client: api, group: "g", leadership: leadership, patience: patience)
    await #expect(throws: ReportError.self) {
      try await reporter.report(event, of: metricsSource("a", plainSpec()), at: .now)
    }
    #expect(api.requests.count == 1)
  }
}
