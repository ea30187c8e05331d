/// The versions of `apidiscovery.k8s.io`, aggregated discovery (KEP-3352). They differ in their name alone.
package enum AggregatedDiscoveryVersion: String, CaseIterable, Hashable, Sendable {
  /// What API servers ask for since 1.30.
  case v2
  /// What they asked for from 1.26 to 1.29.
  case v2beta1

  static let group = "apidiscovery.k8s.io"
  static let kind = "APIGroupDiscoveryList"

  /// The `Content-Type` of a document, written as `generateMediaTypeWithGVK` of k8s.io/apiserver does. Clients take a
  /// document for an aggregated one by this alone.
  package var contentType: String { "\(MediaType.json.name);g=\(Self.group);v=\(rawValue);as=\(Self.kind)" }
}
