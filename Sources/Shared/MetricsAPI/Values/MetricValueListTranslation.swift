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
    let bytes = body[...]
    let list = try List(bytes)
    let kind = text(list.kind.map { bytes[$0] })
    let apiVersion = text(list.apiVersion.map { bytes[$0] })
    guard kind == "MetricValueList", let source = MetricsGroupVersion(rawValue: apiVersion), source.group == .custom
    else { throw .notMetricValueList(kind: kind, apiVersion: apiVersion) }
    if source == version { return body }

    var json = JSONText()
    // Of about the same length, but for the names of a few fields.
    json.reserve(body.count + 256)
    json.literal(#"{"kind":"MetricValueList","apiVersion":"#)
    json.string(version.rawValue)
    json.literal(#","metadata":"#)
    json.raw(list.metadata.map { bytes[$0] }.nonNull ?? Array("{}".utf8)[...])
    json.literal(#","items":["#)
    if let items = list.items { try append(items, of: bytes, from: source, to: &json) }
    json.literal("]}\n")
    return json.bytes
  }

  /// One by one: what an item is known by takes far more memory than an item of a backend that means harm.
  private static func append(
    _ items: Range<Int>, of bytes: ArraySlice<UInt8>, from source: MetricsGroupVersion, to json: inout JSONText
  ) throws(TranslationError) {
    var problem: TranslationError?
    do throws(JSONScanner.Failure) {
      try JSONScanner.read(bytes, at: items) { (scanner) throws(JSONScanner.Failure) in
        var index = 0
        try scanner.array { (scanner) throws(JSONScanner.Failure) in
          let item = try MetricValueItem(&scanner)
          guard problem == nil else { return }
          if index > 0 { json.literal(",") }
          do throws(TranslationError) {
            try item.append(to: &json, of: bytes, from: source, index: index)
          } catch {
            problem = error
          }
          index += 1
        }
      }
    } catch {
      throw .notJSON(offset: error.offset)
    }
    if let problem { throw problem }
  }

  /// A list as it came: where its fields lie.
  private struct List {
    var kind: Range<Int>?
    var apiVersion: Range<Int>?
    var metadata: Range<Int>?
    /// Nil where there is no array, or `null`.
    var items: Range<Int>?

    init(_ bytes: ArraySlice<UInt8>) throws(TranslationError) {
      do throws(JSONScanner.Failure) {
        self = try JSONScanner.read(bytes) { (scanner) throws(JSONScanner.Failure) in try List(&scanner) }
      } catch {
        throw .notJSON(offset: error.offset)
      }
    }

    private init(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
      try scanner.object { (scanner, name) throws(JSONScanner.Failure) in
        if scanner.isText("items", at: name) {
          let isNull = scanner.comes(UInt8(ascii: "n"))
          let place = try scanner.value()
          items = isNull ? nil : place
        } else if scanner.isText("kind", at: name) {
          kind = try scanner.value()
        } else if scanner.isText("apiVersion", at: name) {
          apiVersion = try scanner.value()
        } else if scanner.isText("metadata", at: name) {
          metadata = try scanner.value()
        } else {
          _ = try scanner.value()
        }
      }
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
