/// The part of `metav1.ObjectMeta` that a controller reads; fields it does not know are not kept.
package struct ObjectMeta: Codable, Sendable, Equatable {
  package var name: String?
  package var namespace: String?
  package var uid: String?
  package var resourceVersion: String?
  package var generation: Int64?
  package var creationTimestamp: String?
  package var deletionTimestamp: String?
  package var labels: [String: String]?
  package var annotations: [String: String]?

  package init(name: String? = nil, namespace: String? = nil) {
    self.name = name
    self.namespace = namespace
  }
}

/// An object of the Kubernetes API as it lies on the wire.
package protocol KubernetesResource: Codable, Sendable {
  var metadata: ObjectMeta { get }
}
