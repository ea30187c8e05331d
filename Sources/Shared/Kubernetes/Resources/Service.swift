/// The part of a Service that is needed to find a port by its name.
package struct Service: KubernetesResource, Equatable {
  package struct Port: Codable, Sendable, Equatable {
    package var name: String?
    package var port: Int
  }

  package struct Spec: Codable, Sendable, Equatable {
    package var type: String?
    package var ports: [Port]?
  }

  package var metadata: ObjectMeta
  package var spec: Spec?
}
