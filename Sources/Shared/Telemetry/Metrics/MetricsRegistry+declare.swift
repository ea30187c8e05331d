/// Each of these takes the same: the name with its prefix, unit and suffix (`metrics_router_requests_total`), a help text
/// of a sentence, and the names of the labels. Values of labels are from a bounded set, or bounded by `limit`; names of
/// metrics and whatever else a caller makes up are none.
extension MetricsRegistry {
  /// A counter without labels; exposed as 0 from now on.
  package func counter(_ name: String, help: String) -> Counter { counter(name, help: help, labels: []).child() }

  package func counter(
    _ name: String, help: String, labels: [String], limit: Int = MetricsRegistry.childLimit
  ) -> MetricFamily<Counter> {
    let description = MetricDescription(kind: .counter, name: name, help: help, labels: labels)
    return register(
      MetricFamily(description, limit: limit, make: Counter.init) { counter, name, labels, exposition in
        exposition.sample(name, labels, counter.value)
      })
  }

  /// A gauge without labels; exposed as 0 from now on.
  package func gauge(_ name: String, help: String) -> Gauge { gauge(name, help: help, labels: []).child() }

  package func gauge(
    _ name: String, help: String, labels: [String], limit: Int = MetricsRegistry.childLimit
  ) -> MetricFamily<Gauge> {
    let description = MetricDescription(kind: .gauge, name: name, help: help, labels: labels)
    return register(
      MetricFamily(description, limit: limit, make: Gauge.init) { gauge, name, labels, exposition in
        exposition.sample(name, labels, gauge.value)
      })
  }

  /// A histogram without labels. `bounds` are the inclusive ends of its buckets, above zero and ascending; one more
  /// bucket takes what is longer.
  package func histogram(_ name: String, help: String, bounds: [Duration] = Histogram.defaultBounds) -> Histogram {
    histogram(name, help: help, labels: [], bounds: bounds).child()
  }

  package func histogram(
    _ name: String, help: String, labels: [String], bounds: [Duration] = Histogram.defaultBounds,
    limit: Int = MetricsRegistry.childLimit
  ) -> MetricFamily<Histogram> {
    histogram(name, help, labels, HistogramBounds(bounds), limit)
  }

  /// A histogram of ratios, which ``Histogram/observe(ratio:)`` takes. `ratios` are the inclusive ends of its buckets,
  /// ascending from zero at least, in steps of a billionth at least.
  package func histogram(
    _ name: String, help: String, labels: [String], ratios: [Double], limit: Int = MetricsRegistry.childLimit
  ) -> MetricFamily<Histogram> {
    histogram(name, help, labels, HistogramBounds(ratios: ratios), limit)
  }

  private func histogram(
    _ name: String, _ help: String, _ labels: [String], _ bounds: HistogramBounds, _ limit: Int
  ) -> MetricFamily<Histogram> {
    let description = MetricDescription(kind: .histogram, name: name, help: help, labels: labels)
    return register(
      MetricFamily(description, limit: limit) {
        Histogram(bounds)
      } write: { histogram, name, labels, exposition in
        exposition.samples(name, labels, of: histogram)
      })
  }

  /// A counter that is read at each scrape, from the thread that renders; nil leaves it out.
  package func counter(_ name: String, help: String, read: @escaping @Sendable () -> Double?) {
    computed(.counter, name, help, read)
  }

  /// A gauge that is read at each scrape, from the thread that renders; nil leaves it out.
  package func gauge(_ name: String, help: String, read: @escaping @Sendable () -> Double?) {
    computed(.gauge, name, help, read)
  }

  /// A counter with labels that is read at each scrape; samples beyond ``childLimit`` are left out.
  package func counter(
    _ name: String, help: String, labels: [String], read: @escaping @Sendable () -> [MetricSample]
  ) {
    computed(.counter, name, help, labels, read)
  }

  /// A gauge with labels that is read at each scrape; samples beyond ``childLimit`` are left out.
  package func gauge(
    _ name: String, help: String, labels: [String], read: @escaping @Sendable () -> [MetricSample]
  ) {
    computed(.gauge, name, help, labels, read)
  }

  private func computed(
    _ kind: MetricDescription.Kind, _ name: String, _ help: String, _ read: @escaping @Sendable () -> Double?
  ) {
    computed(kind, name, help, []) { read().map { [MetricSample(value: $0)] } ?? [] }
  }

  private func computed(
    _ kind: MetricDescription.Kind, _ name: String, _ help: String, _ labels: [String],
    _ read: @escaping @Sendable () -> [MetricSample]
  ) {
    let description = MetricDescription(kind: kind, name: name, help: help, labels: labels)
    _ = register(ComputedFamily(description: description, limit: Self.childLimit, read: read))
  }
}
