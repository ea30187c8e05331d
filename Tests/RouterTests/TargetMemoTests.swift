import HTTP
import MetricsAPI
import Testing

@testable import metrics_router_server

@Suite struct TargetMemoTests {
  private func head(_ target: String) throws -> RequestHead {
    var parser = HTTP1RequestParser()
    let text = Array("GET \(target) HTTP/1.1\r\nHost: router\r\n\r\n".utf8)
    let step = try text.withUnsafeBytes { try parser.parse($0) }
    guard case .complete(let head, _) = step else { throw MessageError.malformedRequestLine }
    return head
  }

  @Test func `a target is read once, and targets that only look the same are two`() throws {
    let memo = TargetMemo()
    let path = "/apis/external.metrics.k8s.io/v1beta1/namespaces/ns"
    let composed = try memo.target(of: head("\(path)/caf%C3%A9"))
    let decomposed = try memo.target(of: head("\(path)/cafe%CC%81"))
    #expect(composed !== decomposed)
    #expect(Array(composed.path.text.utf8) == Array("\(path)/caf\u{e9}".utf8))
    #expect(Array(decomposed.path.text.utf8) == Array("\(path)/cafe\u{301}".utf8))
    #expect(try memo.target(of: head("\(path)/caf%C3%A9")) === composed)
  }

  @Test func `the query is part of it`() throws {
    let memo = TargetMemo()
    let path = "/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/queue"
    let one = try memo.target(of: head("\(path)?labelSelector=a%3Db"))
    let other = try memo.target(of: head("\(path)?labelSelector=a%3Dc"))
    let none = try memo.target(of: head(path))
    #expect(try one.query.get().labelSelector?.text == "a=b")
    #expect(try other.query.get().labelSelector?.text == "a=c")
    #expect(try none.query.get().labelSelector == nil)
  }

  @Test func `what cannot be read is refused each time`() throws {
    let memo = TargetMemo()
    for _ in 0..<2 {
      #expect(throws: PathError.dotSegment) { try memo.target(of: head("/apis/../secrets")) }
    }
  }

  @Test func `more targets than are remembered, and longer ones, are read all the same`() throws {
    let memo = TargetMemo()
    let path = "/apis/external.metrics.k8s.io/v1beta1/namespaces/ns"
    for round in 0..<2 {
      for index in 0..<5000 {
        #expect(try memo.target(of: head("\(path)/m-\(index)")).path.text == "\(path)/m-\(index)", "round \(round)")
      }
      let long = String(repeating: "m", count: 3000)
      #expect(try memo.target(of: head("\(path)/\(long)")).path.text == "\(path)/\(long)")
    }
  }
}
