import Foundation
import Kubernetes
import Routing
import Synchronization
import Testing

@testable import metrics_router_controller

@Suite struct FolderSourcesTests {
  private static func manifest(_ name: String, priority: Int = 1) -> String {
    """
    apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1
    kind: MetricsSource
    metadata: {name: \(name)}
    spec: {priority: \(priority), metricTypes: [CustomMetrics], service: {namespace: ns, name: a, port: {number: 443}}}

    """
  }

  private func names(_ event: WatchEvent<MetricsSource>?) -> [String]? {
    if case .replaced(let sources)? = event { sources.map { "\($0.name)=\($0.spec.priority)" } } else { nil }
  }

  @Test(.timeLimit(.minutes(1))) func `the folder is followed as its files come, change and go`() async throws {
    let folder = try ControllerFixture.makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ file: String, _ text: String) throws {
      try text.write(to: folder.appending(path: file), atomically: true, encoding: .utf8)
    }
    try write("a.yaml", Self.manifest("a"))
    try write("notes.txt", "not a manifest")
    let troubles = Mutex<[String]>([])
    let sources = FolderSources(folder: folder.path(), group: MetricsSource.defaultGroup) { trouble in
      troubles.withLock { $0.append(trouble) }
    }
    var events = sources.events().makeAsyncIterator()
    #expect(names(await events.next()) == ["a=1"])
    let change = ContinuousClock.now
    try write("b.yml", Self.manifest("b") + "---\n" + Self.manifest("c"))
    #expect(names(await events.next()) == ["a=1", "b=1", "c=1"])
    try write("a.yaml", Self.manifest("a", priority: 7))
    #expect(names(await events.next()) == ["a=7", "b=1", "c=1"])
    // Truncated before it is written again, as an editor or the shell may do.
    try Data().write(to: folder.appending(path: "b.yml"))
    #expect(names(await events.next()) == ["a=7", "b=1", "c=1"])
    try write("b.yml", "kind: {")
    #expect(names(await events.next()) == ["a=7", "b=1", "c=1"])
    try FileManager.default.removeItem(at: folder.appending(path: "b.yml"))
    #expect(names(await events.next()) == ["a=7"])
    #expect(ContinuousClock.now - change < .seconds(20))
    #expect(troubles.withLock { $0 }.count == 1)
    #expect(troubles.withLock { $0 }.first?.hasPrefix("b.yml: ") == true)
  }

  @Test(.timeLimit(.minutes(1))) func `a folder that is not there yet is waited for, and missed once`() async throws {
    let parent = try ControllerFixture.makeFolder()
    defer { try? FileManager.default.removeItem(at: parent) }
    let folder = parent.appending(path: "later")
    let (missed, continuation) = AsyncStream.makeStream(of: String.self)
    let sources = FolderSources(folder: folder.path(), group: MetricsSource.defaultGroup) { continuation.yield($0) }
    var events = sources.events().makeAsyncIterator()
    var troubles = missed.makeAsyncIterator()
    #expect(await troubles.next()?.contains("later") == true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    #expect(names(await events.next()) == [])
    try Self.manifest("a").write(to: folder.appending(path: "a.json.yaml"), atomically: true, encoding: .utf8)
    #expect(names(await events.next()) == ["a=1"])
  }
}
