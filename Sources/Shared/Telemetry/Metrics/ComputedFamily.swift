/// One value of a metric that is read at the scrape.
package struct MetricSample: Sendable, Equatable {
  /// One for each label, in the order they were declared in.
  package var labels: [String]
  package var value: Double

  package init(labels: [String] = [], value: Double) {
    self.labels = labels
    self.value = value
  }
}

/// A metric whose values are not kept but read at each scrape.
struct ComputedFamily: ExposedFamily {
  let description: MetricDescription
  let limit: Int
  let read: @Sendable () -> [MetricSample]

  /// Of samples with the same labels the first counts, since a scrape that has a series twice is refused as a whole.
  func expose(into exposition: inout Exposition) {
    var seen: Set<LabelText> = []
    var found: [(labels: LabelText, value: Double)] = []
    for sample in read().prefix(limit) {
      precondition(
        sample.labels.count == description.labels.count,
        "\(description.name) has the labels \(description.labels), not \(sample.labels)")
      let labels = LabelText(names: description.labels, values: sample.labels)
      if seen.insert(labels).inserted { found.append((labels, sample.value)) }
    }
    guard !found.isEmpty else { return }
    exposition.begin(description)
    found.sort { LabelText.precedes($0.labels, $1.labels) }
    for (labels, value) in found { exposition.sample(description.name, labels, value) }
  }
}
