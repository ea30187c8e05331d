import YAML

extension Status {
  /// The compact text a Kubernetes API server writes: its field order, empty fields left out, no line end.
  package func json() -> [UInt8] {
    let fields = [
      entry("kind", kind), entry("apiVersion", apiVersion), ("metadata", .mapping(YAMLMapping())),
      entry("status", status), entry("message", message), entry("reason", reason),
      details.map { ("details", $0.value) }, entry("code", code),
    ]
    return YAMLValue.mapping(YAMLMapping(fields.compactMap { $0 })).json()
  }
}

extension Status.Details {
  fileprivate var value: YAMLValue {
    let causes = (causes ?? []).map(\.value)
    let fields = [
      entry("name", name), entry("group", group), entry("kind", kind), entry("uid", uid),
      causes.isEmpty ? nil : ("causes", .sequence(causes)), entry("retryAfterSeconds", retryAfterSeconds),
    ]
    return .mapping(YAMLMapping(fields.compactMap { $0 }))
  }
}

extension Status.Cause {
  fileprivate var value: YAMLValue {
    let fields = [entry("reason", reason), entry("message", message), entry("field", self.field)]
    return .mapping(YAMLMapping(fields.compactMap { $0 }))
  }
}

private func entry(_ name: String, _ text: String?) -> (String, YAMLValue)? {
  text.nonEmpty.map { (name, .string($0)) }
}

private func entry(_ name: String, _ number: Int?) -> (String, YAMLValue)? {
  guard let number, number != 0 else { return nil }
  return (name, .int(Int64(number)))
}
