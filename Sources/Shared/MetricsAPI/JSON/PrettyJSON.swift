/// JSON for people: what API servers write to curl, to browsers, and for `?pretty=true`.
package enum PrettyJSON {
  package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are not JSON, or nest deeper than ``JSONScanner/maximumDepth``, at this byte.
    case notJSON(offset: Int)
    /// Indentation can make a text 64 times as long; this one would pass the limit.
    case tooLong(limit: Int)

    package var description: String {
      switch self {
      case .notJSON(let offset): "the text is not JSON (at byte \(offset))"
      case .tooLong(let limit): "the text would be longer than \(limit) bytes when indented"
      }
    }
  }

  /// Indents one value by two spaces a level, without a newline at its end: the bytes of Go's
  /// `json.MarshalIndent(v, "", "  ")`, with which the pretty serializer of k8s.io/apimachinery
  /// (`pkg/runtime/serializer/json`) writes. Strings and numbers stay as they are.
  ///
  /// `limit` bounds the result, in bytes.
  package static func indent(_ json: [UInt8], limit: Int = 64 << 20) throws(Failure) -> [UInt8] {
    do throws(JSONScanner.Failure) {
      try JSONScanner.validate(json[...])
    } catch {
      throw .notJSON(offset: error.offset)
    }
    var result: [UInt8] = []
    result.reserveCapacity(min(json.count * 2, limit))
    var depth = 0
    var isInString = false
    var isEscaped = false
    /// A bracket was opened and nothing of what it holds was seen yet.
    var isOpening = false
    for byte in json {
      if isInString {
        result.append(byte)
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        continue
      }
      if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { continue }
      let isClosing = byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
      if isClosing { depth -= 1 }
      // What holds nothing stays on its line: `{}`.
      if isOpening != isClosing { breakLine(&result, depth: depth) }
      isOpening = false
      result.append(byte)
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: ":"): result.append(0x20)
      case UInt8(ascii: ","): breakLine(&result, depth: depth)
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        isOpening = true
      default: break
      }
      guard result.count <= limit else { throw .tooLong(limit: limit) }
    }
    guard result.count <= limit else { throw .tooLong(limit: limit) }
    return result
  }

  private static func breakLine(_ text: inout [UInt8], depth: Int) {
    text.append(0x0A)
    text.append(contentsOf: repeatElement(0x20, count: 2 * depth))
  }

  /// Whether a caller is a person: what its query says, if it says so, else whether its `User-Agent` is that of curl,
  /// Wget or a browser. `isPrettyPrint` of k8s.io/apiserver (`pkg/endpoints/handlers/negotiation/negotiate.go`).
  package static func isPretty(query: Bool?, userAgent: ArraySlice<UInt8>?) -> Bool {
    if let query { return query }
    guard let userAgent else { return false }
    return userAgent.starts(with: "curl".utf8) || userAgent.starts(with: "Wget".utf8)
      || userAgent.starts(with: "Mozilla/5.0".utf8)
  }
}
