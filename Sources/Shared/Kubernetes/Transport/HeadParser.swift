/// Collects the header lines libcurl hands over, one complete line a call, and forgets interim answers and trailers.
struct HeadParser {
  /// Of all lines together.
  static let maximumBytes = 256 << 10

  private var status: Int?
  private var headers: [CurlRequest.Header] = []
  private var bytes = 0
  private(set) var head: CurlResponseHead?

  /// Returns false where the head passes its bound or is none.
  mutating func take(_ line: UnsafeRawBufferPointer) -> Bool {
    guard head == nil else { return true }  // A trailer.
    bytes += line.count
    guard bytes <= Self.maximumBytes else { return false }
    let text = String(decoding: line, as: UTF8.self)
    if text.hasPrefix("HTTP/") {
      status = text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0.prefix { $0.isNumber }) }
      headers = []
      return status != nil
    }
    if line.allSatisfy({ $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }) {
      guard let status else { return false }
      if status >= 200 { head = CurlResponseHead(status: status, headers: headers) }
      return true
    }
    guard let colon = text.firstIndex(of: ":") else { return true }
    headers.append(CurlRequest.Header(String(text[..<colon]), Self.trimmed(text[text.index(after: colon)...])))
    return true
  }

  private static func trimmed(_ value: Substring) -> String {
    let end = value.lastIndex { !$0.isWhitespace }
    guard let end else { return "" }
    return String(value[...end].drop { $0.isWhitespace })
  }
}
