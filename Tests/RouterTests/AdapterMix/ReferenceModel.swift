import AdapterProfiles
import Foundation
import Glibc
import Routing

/// What must become of a request, in plain loops, from the manifests and what the adapters list. It knows nothing of the
/// product's table, patterns or parsers.
struct ReferenceModel {
  struct Source {
    let name: String
    let spec: MetricsSourceSpec
    let listed: Set<String>
  }

  let sources: [Source]

  /// The sources that are asked, in order, and the one whose answer the caller gets; none where that is a 404 of the router's.
  func outcome(of request: MixRequest, asking answer: (Source) -> AdapterAnswer) -> (asked: [String], answer: Int)? {
    let candidates = sources.sorted {
      $0.spec.priority != $1.spec.priority ? $0.spec.priority > $1.spec.priority : $0.name < $1.name
    }.filter { source in
      guard source.spec.metricTypes.map(\.rawValue).contains(request.type) else { return false }
      if let pin = request.pin { return source.name == pin }
      return source.listed.contains(request.listedName) || source.spec.claims.contains { isMatch($0, request) }
    }
    if candidates.isEmpty { return nil }
    for (index, source) in candidates.enumerated() {
      let falls = source.spec.fallThrough.map(\.rawValue).contains(outcome(answer(source)))
      if !falls || candidates.count == 1 { return (candidates[...index].map(\.name), index) }
    }
    // One that could not be asked might have had it.
    let unavailable = candidates.firstIndex { outcome(answer($0)) == "Unavailable" }
    return (candidates.map(\.name), unavailable ?? 0)
  }

  private func isMatch(_ claim: Claim, _ request: MixRequest) -> Bool {
    let any = { (globs: [Glob], text: String?) in
      globs.isEmpty || text.map { text in globs.contains { fnmatch($0.pattern, text, 0) == 0 } } ?? false
    }
    return (claim.metricType.map { $0.rawValue == request.type } ?? true) && any(claim.metrics, request.metric)
      && any(claim.resources, request.resource) && any(claim.namespaces, request.claimedNamespace)
      && claim.selectorKeys.allSatisfy { key in
        (request.labels + request.metricLabels).contains { $0.key == key.key && key.value ?? $0.value == $0.value }
      }
  }

  private func outcome(_ answer: AdapterAnswer) -> String {
    switch answer.status {
    case 400, 404: return "NotFound"
    case 401, 403, 429, 502, 503, 504: return "Unavailable"
    case 500...: return "ServerError"
    default: return items(answer.body).isEmpty ? "Empty" : "answered"
    }
  }
}

/// The items of a list, with the value of each.
func items(_ body: String) -> [String] {
  let list = (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any]
  return (list?["items"] as? [[String: Any]] ?? []).map { $0["value"] as? String ?? "" }
}
