import YAML

extension YAMLValue {
  /// Entries in the order given; of equal keys the first counts.
  static func object(_ entries: [(String, YAMLValue)]) -> YAMLValue { .mapping(YAMLMapping(entries)) }

  /// The strings as a sequence.
  static func strings(_ values: [String]) -> YAMLValue { .sequence(values.map { .string($0) }) }

  var text: String? { if case .string(let text) = self { text } else { nil } }

  var elements: [YAMLValue]? { if case .sequence(let elements) = self { elements } else { nil } }

  /// The same mapping with one entry changed or added; this value where it is no mapping.
  func setting(_ key: String, to value: YAMLValue) -> YAMLValue {
    guard case .mapping(let mapping) = self else { return self }
    var entries = mapping.entries.map { ($0.key, $0.key == key ? value : $0.value) }
    if mapping[key] == nil { entries.append((key, value)) }
    return .object(entries)
  }

  /// As Kubernetes writes YAML, keys sorted: of two values that mean the same, the same text.
  func manifest() throws(AdoptionError) -> String {
    do throws(YAMLError) {
      return String(decoding: try YAML.text(json: json()), as: UTF8.self)
    } catch {
      throw AdoptionError("cannot be written as YAML: \(error)")
    }
  }
}
