import AdapterProfiles
import Kubernetes
import Routing
import Testing

@testable import metrics_router_server

/// All adapters at once behind one router: every request of a generated mix reaches exactly the backends that the reference
/// model says, in their own understanding of it, and is answered by the one that the model says.
@Suite struct AdapterMixTests {
  private static let seed: UInt64 = 20_261_124
  private static let count = 10_000
  /// Requests that are sent at once, and whose traces are compared together.
  private static let batch = 50

  @Test func `every request reaches exactly the backends that the reference model says`() async throws {
    var generator = MixGenerator(seed: Self.seed)
    let mix = try await AdapterMix(&generator)
    let model = try mix.model()
    let adapters = Dictionary(uniqueKeysWithValues: mix.adapters.map { ($0.name, $0) })
    for adapter in mix.adapters { #expect(adapter.spec.validate().isEmpty) }
    var tally = Tally()
    for _ in 0..<Self.count / Self.batch {
      let requests = (0..<Self.batch).map { _ in generator.request(sources: Array(adapters.keys).sorted()) }
      var expected: [String] = []
      try await withThrowingTaskGroup(of: (Int, CurlResponse).self) { group in
        for (index, request) in requests.enumerated() {
          group.addTask { (index, try await mix.get(request.target)) }
        }
        for try await (index, answer) in group {
          let request = requests[index]
          let outcome = model.outcome(of: request) { source in
            AdapterMix.answer(adapters[source.name]!, request.adapterTarget)
          }
          expected += (outcome?.asked ?? []).map { "\($0): \(request.meaning)" }
          let answering = outcome.map { adapters[$0.asked[$0.answer]]! }
          check(answer, to: request, against: answering.map { AdapterMix.answer($0, request.adapterTarget) })
          tally.count(outcome?.asked.count ?? 0, answer.status)
        }
      }
      let asked = mix.adapters.flatMap { adapter in
        adapter.state.takeTargets().map { "\(adapter.name): \(MixRequest.meaning($0))" }
      }
      try #require(
        bytes(asked) == bytes(expected), "seed \(Self.seed): backends were asked otherwise by one of \(requests)")
    }
    // The mix is one that proves something.
    #expect(tally.chains[0, default: 0] > 200 && tally.chains[1, default: 0] > 2000)
    #expect(tally.chains.filter { $0.key > 1 }.values.reduce(0, +) > 1500)
    #expect(tally.statuses[200, default: 0] > 2000 && tally.statuses[404, default: 0] > 500)
    await mix.end()
  }

  /// Sorted by bytes: to Swift names are equal that are two to Kubernetes.
  private func bytes(_ texts: [String]) -> [[UInt8]] {
    texts.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// `adapter` is what the one that answers says without a router between; nil where nobody may be asked.
  private func check(_ answer: CurlResponse, to request: MixRequest, against adapter: AdapterAnswer?) {
    let body = String(decoding: answer.body, as: UTF8.self)
    guard let adapter else {
      #expect(
        answer.status == 404 && body.contains(request.pin ?? "is not provided by any metrics backend"), "\(request)")
      return
    }
    #expect(answer.status == adapter.status, "seed \(Self.seed): \(request)")
    if request.version == "v1beta2" || adapter.status != 200 {
      #expect(answer.body == Array(adapter.body.utf8), "seed \(Self.seed): \(request)")
    } else {
      #expect(items(body) == items(adapter.body), "seed \(Self.seed): \(request)")
    }
  }

  private struct Tally {
    var chains: [Int: Int] = [:]
    var statuses: [Int: Int] = [:]

    mutating func count(_ asked: Int, _ status: Int) {
      chains[asked, default: 0] += 1
      statuses[status, default: 0] += 1
    }
  }
}
