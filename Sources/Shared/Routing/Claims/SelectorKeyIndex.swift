import MetricsAPI

/// Finds what is filed under the labels that a selector asks for.
struct SelectorKeyIndex: Sendable {
  private struct Values: Sendable {
    /// Under the key, whatever its value.
    var any: [Int32] = []
    var of: [String: [Int32]] = [:]
  }

  private var keys: [String: Values] = [:]

  init(_ entries: [(key: SelectorKey, value: Int32)]) {
    for (key, value) in entries {
      if let label = key.value {
        keys[key.key, default: Values()].of[label, default: []].append(value)
      } else {
        keys[key.key, default: Values()].any.append(value)
      }
    }
  }

  /// Calls `body` for all that is filed under what `selector` may carry; some of it twice, if it asks twice. Allocates
  /// nothing.
  func forEach(in selector: LabelSelector, _ body: (Int32) -> Void) {
    if keys.isEmpty { return }
    for requirement in selector.requirements {
      guard let values = keys[requirement.key] else { continue }
      for value in values.any { body(value) }
      guard !values.of.isEmpty, requirement.values.count == 1 else { continue }
      for value in values.of[requirement.values[0]] ?? [] { body(value) }
    }
  }
}
