/// The parameters of a metric request that mean something to a metrics API; others are not sent on.
package struct MetricQuery: Sendable, Hashable {
  /// Chooses objects, for external metrics labels of the metric. Decoded, otherwise as sent.
  package var labelSelector: String?
  package var metricLabelSelector: String?
  package var isWatch = false

  package init() {}

  /// Reads what follows `?`, as `net/url.ParseQuery` does; of a parameter given twice the first counts.
  ///
  /// - Throws: ``QueryError`` for what is to be refused with 400.
  package static func parse(_ query: ArraySlice<UInt8>) throws(QueryError) -> MetricQuery {
    var result = MetricQuery()
    guard !query.isEmpty else { return result }
    for pair in query.split(separator: UInt8(ascii: "&")) {
      guard !pair.contains(UInt8(ascii: ";")) else { throw .semicolon }
      let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      let name = try decode(pair[..<equals])
      let value = equals < pair.endIndex ? pair[(equals + 1)...] : []
      switch name {
      case "labelSelector":
        let text = try decode(value)
        if result.labelSelector == nil { result.labelSelector = text }
      case "metricLabelSelector":
        let text = try decode(value)
        if result.metricLabelSelector == nil { result.metricLabelSelector = text }
      case "watch": result.isWatch = isTrue(try decode(value))
      default: continue
      }
    }
    return result
  }

  /// What is sent on to a backend, without `?`; empty where there is nothing to send.
  package func encoded() -> String {
    var text = ""
    for (name, value) in [("labelSelector", labelSelector), ("metricLabelSelector", metricLabelSelector)] {
      guard let value, !value.isEmpty else { continue }
      if !text.isEmpty { text.append("&") }
      text.append(name)
      text.append("=")
      Self.encode(value, into: &text)
    }
    return text
  }

  /// A boolean parameter as the API machinery reads it: anything but false and 0 is true.
  private static func isTrue(_ value: String) -> Bool { value.lowercased() != "false" && value != "0" }

  private static func decode(_ bytes: ArraySlice<UInt8>) throws(QueryError) -> String {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      switch bytes[index] {
      case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard index + 2 < bytes.endIndex, let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2]) else {
          throw .malformedEscape
        }
        decoded.append(high << 4 | low)
        index += 2
      case let byte: decoded.append(byte)
      }
      index += 1
    }
    guard let text = String(validating: decoded, as: UTF8.self) else { throw .notUTF8 }
    return text
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    UnicodeScalar(byte).properties.isASCIIHexDigit ? UInt8(Character(UnicodeScalar(byte)).hexDigitValue ?? 0) : nil
  }

  /// As `net/url.QueryEscape`.
  private static func encode(_ value: String, into text: inout String) {
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "~"):
        text.unicodeScalars.append(UnicodeScalar(byte))
      case UInt8(ascii: " "): text.append("+")
      default:
        text.append("%")
        text.append(byte < 16 ? "0" : "")
        text.append(String(byte, radix: 16, uppercase: true))
      }
    }
  }
}

/// A query that cannot be read.
package enum QueryError: Error, Sendable, Equatable, CustomStringConvertible {
  case malformedEscape
  case semicolon
  case notUTF8

  package var description: String {
    switch self {
    case .malformedEscape: "the query holds a malformed percent-encoding"
    case .semicolon: "the query holds a semicolon, which separates nothing"
    case .notUTF8: "the query is not UTF-8"
    }
  }
}
