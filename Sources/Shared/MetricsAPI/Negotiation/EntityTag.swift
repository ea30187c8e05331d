/// Entity tags (RFC 9110, section 8.8.3).
package enum EntityTag {
  /// Whether the value of an `If-None-Match` field names `tag`, so that the answer is 304.
  ///
  /// `tag` is strong and quoted: `"3A…"`. Compared weakly (section 13.1.2): with or without `W/`, one of a list, or `*`.
  /// API servers only know the exact value; caches in between may send the other forms. Allocates nothing.
  package static func matches(_ ifNoneMatch: ArraySlice<UInt8>?, _ tag: String) -> Bool {
    guard var rest = ifNoneMatch?.trimmed, !rest.isEmpty else { return false }
    if rest.isExactly("*") { return true }
    while !rest.isEmpty {
      rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }
      if rest.starts(with: "W/".utf8) { rest = rest.dropFirst(2) }
      // A comma may stand between the quotes, so the tag ends at its second one.
      guard rest.first == UInt8(ascii: "\""), let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else {
        return false
      }
      if rest[...end].elementsEqual(tag.utf8) { return true }
      rest = rest[(end + 1)...]
    }
    return false
  }
}
