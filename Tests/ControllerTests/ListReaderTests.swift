import MetricsAPI
import Testing

@testable import metrics_router_controller

@Suite struct ListReaderTests {
  /// One that asks for a list as the controller does, and has others to attend to.
  private actor Asker {
    let reader: ListReader
    private(set) var found: Int?

    init(_ reader: ListReader) { self.reader = reader }

    func ask(_ body: [UInt8]) async { found = try? await reader.read(body, .external).metrics.external.count }
  }

  private func list(_ count: Int, end: String = "]}") -> [UInt8] {
    let names = (0..<count).map { #"{"name":"metric-\#($0)","kind":"ExternalMetricValueList","verbs":["get"]}"# }
    let head = #"{"kind":"APIResourceList","groupVersion":"external.metrics.k8s.io/v1beta1","resources":["#
    return Array((head + names.joined(separator: ",") + end).utf8)
  }

  @Test func `a large list is read as a small one is`() async throws {
    let reader = ListReader()
    for count in [1, 20_000] {
      #expect(try await reader.read(list(count), .external).metrics.external.count == count)
      await #expect(throws: ListingError.self) { try await reader.read(list(count, end: "]"), .external) }
    }
  }

  @Test func `whoever asks for a large list attends to others meanwhile`() async throws {
    let asker = Asker(ListReader())
    let body = list(100_000)
    let asked = Task { await asker.ask(body) }
    var looks = 0
    while await asker.found == nil {
      looks += 1
      try await Task.sleep(for: .milliseconds(1))
    }
    await asked.value
    #expect(await asker.found == 100_000)
    #expect(looks > 20)
  }

  @Test func `many large lists are read, whatever came of those before`() async throws {
    let reader = ListReader()
    await withTaskGroup(of: Int?.self) { group in
      for index in 0..<20 {
        let body = list(1000 + index, end: index % 3 == 0 ? "" : "]}")
        group.addTask { try? await reader.read(body, .external).metrics.external.count }
      }
      var counts: [Int] = []
      for await count in group { if let count { counts.append(count) } }
      #expect(counts.sorted() == (0..<20).filter { $0 % 3 != 0 }.map { 1000 + $0 })
    }
  }
}
