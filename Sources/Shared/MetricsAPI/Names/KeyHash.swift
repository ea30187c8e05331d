/// The hash of a metric's bytes, the same for a key and for the name in a listing that it stands for. By Swift's hasher, whose
/// seed differs from process to process: callers choose the names that are looked up.
enum KeyHash {
  /// What comes before the name.
  struct Resource {
    private var hasher = Hasher()

    init(_ scope: MetricScope) {
      switch scope {
      case .external: self.init()
      case .custom(let resource, let isNamespaced): self.init(resource, isNamespaced: isNamespaced)
      }
    }

    /// Of external metrics.
    init() { hasher.combine(UInt8(0)) }

    init(_ resource: String, isNamespaced: Bool) {
      hasher.combine(UInt8(isNamespaced ? 1 : 2))
      resource.withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
      // No text has this byte: where the resource ends is part of the hash, lest many keys can be made that share one.
      hasher.combine(UInt8(0xFF))
    }

    func hash(name: UnsafeBufferPointer<UInt8>) -> Int {
      var hasher = hasher
      hasher.combine(bytes: UnsafeRawBufferPointer(name))
      return hasher.finalize()
    }
  }
}

extension MetricKey {
  package var scope: MetricScope {
    switch self {
    case .external: .external
    case .custom(let metric): .custom(resource: metric.resource, isNamespaced: metric.isNamespaced)
    }
  }

  /// Of the key's bytes; allocates nothing.
  package var byteHash: Int {
    switch self {
    case .external(let name):
      name.withBytes { KeyHash.Resource().hash(name: $0) }
    case .custom(let metric):
      metric.name.withBytes { name in
        KeyHash.Resource(metric.resource, isNamespaced: metric.isNamespaced).hash(name: name)
      }
    }
  }
}
