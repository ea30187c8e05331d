import Kubernetes

@testable import metrics_router_controller

/// An API server reduced to one Lease: versions, conflicts, and the deletion by somebody.
struct ModelLeases {
  private(set) var lease: Lease?
  private var version = 0

  mutating func delete() { lease = nil }

  /// A write of metadata alone, as of a label.
  mutating func touch() { write(lease?.spec) }

  mutating func answer(_ request: LeaseElection.Request) -> LeaseElection.Answer {
    switch request {
    case .read: break
    case .create(let spec):
      if lease != nil { return .conflict }
      write(spec)
    case .update(let spec, let version):
      guard let lease else { return .absent }
      if lease.metadata.resourceVersion != version { return .conflict }
      write(spec)
    }
    return lease.map { .lease($0) } ?? .absent
  }

  private mutating func write(_ spec: Lease.Spec?) {
    guard let spec else { return }
    version += 1
    var metadata = ObjectMeta(name: "metrics-router", namespace: "metrics-router")
    metadata.resourceVersion = "\(version)"
    metadata.uid = lease?.metadata.uid ?? "\(version)"
    lease = Lease(metadata: metadata, spec: spec)
  }
}

extension LeaseElection.Moment {
  /// What people read is the time of a clock that is `skew` off, which must not matter.
  init(_ time: Duration, skew: Duration = .zero, chance: Double = 1) {
    self.init(time: time, written: "\(Int64((time + skew) / .milliseconds(1)))", chance: chance)
  }
}
