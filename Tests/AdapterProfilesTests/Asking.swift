import AdapterProfiles
import Foundation
import Testing

/// An answer, and what of it tests ask about.
struct Asked {
  let answer: AdapterAnswer

  var status: Int { answer.status }
  var json: [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any]) ?? [:]
  }
  var message: String? { json["message"] as? String }
  var reason: String? { json["reason"] as? String }
  var isNull: Bool { json["items"] is NSNull }
  var items: [[String: Any]]? { json["items"] as? [[String: Any]] }
  var values: [String]? { items?.compactMap { $0["value"] as? String } }
  var listed: [String]? { (json["resources"] as? [[String: Any]])?.compactMap { $0["name"] as? String } }
}

extension AdapterProfile {
  func ask(_ target: String, _ stock: MetricStock, access: AdapterAccess = .init(), as authorization: String? = nil)
    -> Asked
  {
    Asked(answer: answer(AdapterRequest(target), authorization: authorization, access: access, stock: stock))
  }

  /// `/apis/custom.metrics.k8s.io/v1beta2/…`
  func custom(_ rest: String, _ stock: MetricStock) -> Asked {
    ask("/apis/custom.metrics.k8s.io/v1beta2/" + rest, stock)
  }

  /// `/apis/external.metrics.k8s.io/v1beta1/namespaces/…`
  func external(_ rest: String, _ stock: MetricStock) -> Asked {
    ask("/apis/external.metrics.k8s.io/v1beta1/namespaces/" + rest, stock)
  }

  func customList(_ stock: MetricStock, version: String = "v1beta1") -> [String]? {
    ask("/apis/custom.metrics.k8s.io/\(version)", stock).listed
  }

  func externalList(_ stock: MetricStock) -> [String]? { ask("/apis/external.metrics.k8s.io/v1beta1", stock).listed }
}

/// What every adapter of a test has, unless it says otherwise: values from 701 on, of two pods.
func stock(_ custom: [String] = ["pods/foo"], external: [String] = ["queue"]) throws -> MetricStock {
  var stock = MetricStock()
  stock.custom = try custom.map { try #require(MetricStock.custom($0)) }
  stock.external = try external.map { try #require(MetricStock.external($0)) }
  stock.objects = ["web-0", "web-1"]
  stock.valueBase = 701
  return stock
}
