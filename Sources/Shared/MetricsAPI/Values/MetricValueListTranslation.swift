/// Turns a `MetricValueList` of one version of custom.metrics.k8s.io into the other.
///
/// The two differ in where a metric's name and selector stand and in the name of the window. Values, timestamps,
/// selectors and described objects pass as the bytes they are; fields of neither version are left out.
package enum MetricValueListTranslation {
  /// Returns `body` in `version`; unchanged where it is of that version already. The caller bounds its size.
  package static func translate(
    _ body: [UInt8], to version: MetricsGroupVersion
  ) throws(TranslationError) -> [UInt8] {
    guard version.group == .custom else { throw .unsupportedTarget(version) }
    let list = try fields(body[...])
    let kind = text(list["kind"])
    let apiVersion = text(list["apiVersion"])
    guard kind == "MetricValueList", let source = MetricsGroupVersion(rawValue: apiVersion), source.group == .custom
    else { throw .notMetricValueList(kind: kind, apiVersion: apiVersion) }
    if source == version { return body }

    var json = JSONText()
    json.raw(#"{"kind":"MetricValueList","apiVersion":"#)
    json.string(version.rawValue)
    json.raw(#","metadata":"#)
    json.raw(list["metadata"].nonNull ?? Array("{}".utf8)[...])
    json.raw(#","items":["#)
    for (index, item) in try items(list["items"]).enumerated() {
      if index > 0 { json.raw(",") }
      try MetricValueItem(item, index: index, version: source).append(to: &json, version: version)
    }
    json.raw("]}\n")
    return json.bytes
  }

  private static func items(_ bytes: ArraySlice<UInt8>?) throws(TranslationError) -> [ArraySlice<UInt8>] {
    guard let bytes = bytes.nonNull else { return [] }
    do {
      return try JSONScanner.elements(bytes)
    } catch {
      throw .notJSON(offset: error.offset)
    }
  }

  static func fields(_ bytes: ArraySlice<UInt8>) throws(TranslationError) -> JSONScanner.Fields {
    do {
      return try JSONScanner.fields(bytes)
    } catch {
      throw .notJSON(offset: error.offset)
    }
  }

  /// The text of a plain string; empty for anything else.
  private static func text(_ bytes: ArraySlice<UInt8>?) -> String {
    guard let bytes, bytes.first == UInt8(ascii: "\"") else { return "" }
    return String(decoding: bytes.dropFirst().dropLast().prefix(256), as: UTF8.self)
  }
}

extension Optional<ArraySlice<UInt8>> {
  /// The value, unless it is absent or `null`.
  var nonNull: ArraySlice<UInt8>? {
    guard let self, !self.elementsEqual("null".utf8) else { return nil }
    return self
  }
}
