import MetricsAPI
import Testing

@testable import metrics_router_server

@Suite struct RequestPathMemoTests {
  @Test func `a path reads the same the second time, and paths that only look the same are two`() throws {
    let memo = RequestPathMemo()
    let composed = Array("/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/caf\u{e9}".utf8)
    let decomposed = Array("/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/cafe\u{301}".utf8)
    for path in [composed, decomposed, composed, decomposed] {
      #expect(Array(try memo.parse(path[...]).text.utf8) == path)
    }
  }

  @Test func `what cannot be read is refused each time`() {
    let memo = RequestPathMemo()
    for _ in 0..<2 {
      #expect(throws: PathError.dotSegment) { try memo.parse(Array("/apis/../secrets".utf8)[...]) }
    }
  }

  @Test func `more paths than are remembered are read all the same`() throws {
    let memo = RequestPathMemo()
    for round in 0..<2 {
      for index in 0..<5000 {
        let path = "/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/metric-\(index)"
        #expect(try memo.parse(Array(path.utf8)[...]).text == path, "round \(round)")
      }
    }
  }
}
