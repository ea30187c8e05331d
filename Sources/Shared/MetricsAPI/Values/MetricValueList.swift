/// The answer to a metric request, a `MetricValueList` or an `ExternalMetricValueList`, looked at without being built.
package enum MetricValueList {
  /// Whether it has no items. Reads the whole of `body`, whose size the caller bounds.
  ///
  /// Throws where `body` is not a JSON object.
  package static func isEmpty(_ body: [UInt8]) throws(JSONScanner.Failure) -> Bool {
    try JSONScanner.read(body[...]) { (scanner) throws(JSONScanner.Failure) in
      var isEmpty = true
      try scanner.object { (scanner, name) throws(JSONScanner.Failure) in
        let isItems = scanner.isText("items", at: name)
        // Of a repeated field the last one counts.
        if isItems { isEmpty = true }
        guard isItems, !scanner.comes(UInt8(ascii: "n")) else {
          _ = try scanner.value()
          return
        }
        // Nothing is kept: a list may have an item for every other byte.
        try scanner.array { (scanner) throws(JSONScanner.Failure) in
          _ = try scanner.value()
          isEmpty = false
        }
      }
      return isEmpty
    }
  }
}
