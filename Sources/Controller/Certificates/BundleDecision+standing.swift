import Kubernetes

extension BundleDecision {
  /// How an APIService stands to the router, for the metric.
  enum Standing: String, CaseIterable, Sendable {
    /// API servers verify the router by a `caBundle`.
    case verified
    /// It leads to the router, which is not verified.
    case unverified
    /// It leads elsewhere.
    case foreign
    case absent

    init(_ apiService: APIService?, service: ObjectName) {
      guard let spec = apiService?.spec else {
        self = .absent
        return
      }
      guard spec.leads(toService: service.name, in: service.namespace) else {
        self = .foreign
        return
      }
      self = spec.trusted == nil ? .unverified : .verified
    }
  }
}
