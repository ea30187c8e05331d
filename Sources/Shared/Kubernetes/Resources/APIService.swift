/// Who answers for one group-version of the Kubernetes API (`apiregistration.k8s.io/v1`, APIService): the part that is
/// needed to tell who that is and whether it works.
package struct APIService: Decodable, Sendable, Equatable {
  package struct Metadata: Decodable, Sendable, Equatable {
    package var name: String
    package var resourceVersion: String?
    package var labels: [String: String]?
    package var annotations: [String: String]?
    package var ownerReferences: [OwnerReference]?
    package var managedFields: [ManagedFields]?
  }

  package struct OwnerReference: Decodable, Sendable, Equatable {
    package var kind: String
    package var name: String
  }

  /// One who has written fields of the object (`metav1.ManagedFieldsEntry`).
  package struct ManagedFields: Decodable, Sendable, Equatable {
    package var manager: String?
    /// RFC 3339.
    package var time: String?
    package var subresource: String?
  }

  package struct Spec: Decodable, Sendable, Equatable {
    /// Nil where the API server itself answers.
    package var service: ServiceReference?
    package var insecureSkipTLSVerify: Bool?
    /// PEM in base64.
    package var caBundle: String?
    package var versionPriority: Int?

    /// Whether that Service answers, by whatever port.
    package func leads(toService name: String, in namespace: String) -> Bool {
      service.map { $0.name == name && $0.namespace == namespace } ?? false
    }
  }

  package struct ServiceReference: Decodable, Sendable, Equatable {
    package var namespace: String
    package var name: String
    /// Nil means 443.
    package var port: Int?
  }

  package struct Condition: Decodable, Sendable, Equatable {
    package var type: String
    /// "True", "False" or "Unknown".
    package var status: String
    package var reason: String?
    package var message: String?
  }

  package struct Status: Decodable, Sendable, Equatable {
    package var conditions: [Condition]?
  }

  /// Where the API server keeps them: `<version>.<group>` follows.
  package static let path = "/apis/apiregistration.k8s.io/v1/apiservices"

  package var metadata: Metadata
  package var spec: Spec
  package var status: Status?

  /// What the aggregator last found out about the one who answers; nil until it has asked.
  package var available: Condition? { status?.conditions?.first { $0.type == "Available" } }
}
