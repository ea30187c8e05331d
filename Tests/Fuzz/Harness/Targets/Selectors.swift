@testable import MetricsAPI

extension FuzzTarget {
  /// Queries of metric requests, and the label selectors in them. An input is read as both.
  static let selectors = FuzzTarget(name: "selectors", maximumLength: 512) { input in
    checkQuery(Array(input))
    guard let text = String(validating: input, as: UTF8.self), let selector = try? LabelSelector.parse(text) else {
      return
    }
    let written = selector.description
    guard let again = try? LabelSelector.parse(written) else { broken("what is written can be read: \(written)") }
    require(isSame(selector, again), "what is written reads as the same: \(selector) and \(again)")
    require(again.description.hasSameBytes(as: written), "writing is stable: \(written)")
    for requirement in selector.requirements {
      require(requirement.key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "a key of ASCII: \(requirement.key)")
      require(requirement.values == Array(Set(requirement.values)).sorted(), "values sorted, each once: \(requirement)")
      let hasValues = requirement.operator != .exists && requirement.operator != .doesNotExist
      require(hasValues == !requirement.values.isEmpty, "values where the operator wants some: \(requirement)")
    }
  }

  private static func checkQuery(_ bytes: [UInt8]) {
    guard var query = try? MetricQuery.parse(bytes) else { return }
    let flags = MetricQuery.withoutSelectors(bytes[...])
    require(flags.watch == query.watch && flags.pretty == query.pretty, "the flags do not depend on the selectors")
    checkSent(query)
    for group in [MetricsGroup.custom, .external] {
      guard let pin = try? query.takePin(for: group) else { continue }
      require(!pin.isEmpty, "a pin names a source")
      checkSent(query)
      let left = (group == .custom ? query.metricLabelSelector : query.labelSelector)?.selector.requirements ?? []
      require(!left.contains { $0.key.hasSameBytes(as: SourcePin.key) }, "no pin is sent on")
    }
  }

  /// What a backend is sent says what was understood.
  private static func checkSent(_ query: MetricQuery) {
    let sent = query.encoded()
    require(
      sent.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "#") }, "a query that can be sent: \(sent)")
    guard let again = try? MetricQuery.parse(sent) else { broken("what is sent can be read: \(sent)") }
    for (left, right) in [
      (query.labelSelector, again.labelSelector), (query.metricLabelSelector, again.metricLabelSelector),
    ] {
      require((left == nil) == (right == nil), "no selector is lost: \(sent)")
      guard let left, let right else { continue }
      require(left.text.hasSameBytes(as: right.text), "a selector is sent as it was written: \(sent)")
      require(isSame(left.selector, right.selector), "a selector is sent as it was understood: \(sent)")
    }
  }

  private static func isSame(_ left: LabelSelector, _ right: LabelSelector) -> Bool {
    left.requirements.count == right.requirements.count
      && zip(left.requirements, right.requirements).allSatisfy { left, right in
        left.operator == right.operator && left.key.hasSameBytes(as: right.key)
          && left.values.count == right.values.count
          && zip(left.values, right.values).allSatisfy { $0.hasSameBytes(as: $1) }
      }
  }
}
