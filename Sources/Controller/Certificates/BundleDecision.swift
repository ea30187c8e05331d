import FoundationEssentials
import Kubernetes
import TLS

/// What is to become of the `caBundle` of one APIService.
enum BundleDecision: Sendable, Equatable {
  /// There is none of that name.
  case absent
  /// It leads to somebody else, named `namespace/name`, or to the API server itself.
  case foreign(String)
  /// It is verified as it should be.
  case right
  /// It stays as it is for now, since what is served could not be verified.
  case waiting
  /// To be trusted from now on, and nothing else. `isReplaced` tells that it held none of what it should.
  case patch([Certificate], isReplaced: Bool)

  /// Whether what is served can be verified by the Secret's authorities.
  struct Served: Sendable {
    var isVerified: Bool
    /// … for the whole overlap, which gives every replica the time to serve the same.
    var isVerifiedEverywhere: Bool
  }

  /// `trusted` is not empty.
  static func of(
    _ apiService: APIService?, service: ObjectName, trusted: [Certificate], _ served: Served
  ) -> BundleDecision {
    guard let spec = apiService?.spec else { return .absent }
    guard let reference = spec.service else { return .foreign("the API server") }
    guard spec.leads(toService: service.name, in: service.namespace) else {
      return .foreign("\(reference.namespace)/\(reference.name)")
    }
    guard let present = spec.trusted else {
      // Nobody is verified so far, or nobody can be. The former works with any certificate, hence there is time.
      let isReady = spec.insecureSkipTLSVerify == true ? served.isVerifiedEverywhere : served.isVerified
      return isReady ? .patch(trusted, isReplaced: false) : .waiting
    }
    let missing = trusted.filter { !present.contains($0) }
    let others = present.filter { !trusted.contains($0) }
    // What somebody may still be verified by is taken away last.
    let wanted = trusted + (served.isVerifiedEverywhere ? [] : others)
    if missing.isEmpty, wanted.count == present.count { return .right }
    return .patch(wanted, isReplaced: missing.count == trusted.count)
  }
}

extension APIService.Spec {
  /// The certificates in its `caBundle`; nil where it has none that can be read, by which nothing can be verified.
  var trusted: [Certificate]? {
    guard let caBundle, !caBundle.isEmpty, let pem = Data(base64Encoded: caBundle) else { return nil }
    return try? Certificate.parse(pem: Array(pem), name: "caBundle")
  }
}
