package import FoundationEssentials

/// Who holds what several replicas must not do at once, and until when (`k8s.io/api/coordination/v1`, Lease).
package struct Lease: KubernetesResource, Equatable {
  package static let apiVersion = "coordination.k8s.io/v1"
  package static let kind = "Lease"

  package struct Spec: Codable, Sendable, Equatable {
    /// Absent or empty where nobody holds it.
    package var holderIdentity: String?
    /// How long after `renewTime` others must leave it to its holder.
    package var leaseDurationSeconds: Int?
    /// Both in RFC 3339 with six digits of a second (`metav1.MicroTime`), by the clock of the holder. For people: other
    /// replicas do not compare it with theirs.
    package var acquireTime: String?
    package var renewTime: String?
    /// How often it went to another holder.
    package var leaseTransitions: Int?

    package init(
      holderIdentity: String?, leaseDurationSeconds: Int, acquireTime: String?, renewTime: String, leaseTransitions: Int
    ) {
      self.holderIdentity = holderIdentity
      self.leaseDurationSeconds = leaseDurationSeconds
      self.acquireTime = acquireTime
      self.renewTime = renewTime
      self.leaseTransitions = leaseTransitions
    }

    private enum Key: String, CodingKey {
      case holderIdentity, leaseDurationSeconds, acquireTime, renewTime, leaseTransitions
    }

    /// A holder that is gone is written as null, so that a merge patch removes it (RFC 7396, section 2).
    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(holderIdentity, forKey: .holderIdentity)
      try container.encodeIfPresent(leaseDurationSeconds, forKey: .leaseDurationSeconds)
      try container.encodeIfPresent(acquireTime, forKey: .acquireTime)
      try container.encodeIfPresent(renewTime, forKey: .renewTime)
      try container.encodeIfPresent(leaseTransitions, forKey: .leaseTransitions)
    }
  }

  package var apiVersion: String? = Lease.apiVersion
  package var kind: String? = Lease.kind
  package var metadata: ObjectMeta
  package var spec: Spec

  package init(metadata: ObjectMeta, spec: Spec) {
    self.metadata = metadata
    self.spec = spec
  }

  /// Who holds it; nil where nobody does.
  package var holder: String? { spec.holderIdentity.flatMap { $0.isEmpty ? nil : $0 } }

  /// Where the API server keeps those of a namespace: `/<name>` follows.
  package static func path(namespace: String) -> String {
    "/apis/\(apiVersion)/namespaces/\(APIRequest.percentEncoded(namespace))/leases"
  }

  /// A moment as `metav1.MicroTime` writes it, which takes exactly six digits: `2026-01-02T03:04:05.000006Z`.
  package static func microTime(_ date: Date) -> String {
    let microseconds = Int64((date.timeIntervalSince1970 * 1_000_000).rounded(.down))
    let fraction = ((microseconds % 1_000_000) + 1_000_000) % 1_000_000
    let seconds = Date(timeIntervalSince1970: Double((microseconds - fraction) / 1_000_000))
    let digits = String(fraction)
    let padding = String(repeating: "0", count: 6 - digits.count)
    return "\(seconds.ISO8601Format().dropLast()).\(padding)\(digits)Z"
  }
}
