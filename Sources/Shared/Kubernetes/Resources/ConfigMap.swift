/// The part of a ConfigMap that is read here.
package struct ConfigMap: KubernetesResource, Equatable {
  package var metadata: ObjectMeta
  package var data: [String: String]?

  package init(metadata: ObjectMeta, data: [String: String]? = nil) {
    self.metadata = metadata
    self.data = data
  }
}
