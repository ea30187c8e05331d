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
    // Of the same length, but for the names of a few fields.
    json.reserve(body.count + 32 * (list.items.count + 1))
    json.literal(#"{"kind":"MetricValueList","apiVersion":"#)
    json.string(version.rawValue)
    json.literal(#","metadata":"#)
    json.raw(list.metadata.map { bytes[$0] }.nonNull ?? Array("{}".utf8)[...])
    json.literal(#","items":["#)
    for (index, item) in list.items.enumerated() {
      if index > 0 { json.literal(",") }
      try item.append(to: &json, of: bytes, from: source, index: index)
    }
    json.literal("]}\n")
    return json.bytes
  }

  /// A list as it came: where its fields lie, and those of its items.
  private struct List {
    var kind: Range<Int>?
    var apiVersion: Range<Int>?
    var metadata: Range<Int>?
    var items: [MetricValueItem] = []
    /// What is wrong with an item, at which reading ends.
    private var problem: TranslationError?

    init(_ bytes: ArraySlice<UInt8>) throws(TranslationError) {
      do throws(JSONScanner.Failure) {
        self = try JSONScanner.read(bytes) { (scanner) throws(JSONScanner.Failure) in try List(&scanner) }
      } catch {
        throw .notJSON(offset: error.offset)
      }
      if let problem { throw problem }
    }

    private init(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
      try scanner.object { (scanner, name) throws(JSONScanner.Failure) in
        if scanner.isText("items", at: name) {
          try readItems(&scanner)
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

    /// `null` is none. What lacks what every item has is not kept: it takes far more memory than bytes of a backend.
    private mutating func readItems(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
      items = []
      if scanner.comes(UInt8(ascii: "n")) {
        _ = try scanner.value()
        return
      }
      items.reserveCapacity(16)
      try scanner.array { (scanner) throws(JSONScanner.Failure) in
        let item = try MetricValueItem(&scanner)
        if problem == nil, let field = item.missing { problem = .incomplete(item: items.count, field: field) }
        if problem == nil { items.append(item) }
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
