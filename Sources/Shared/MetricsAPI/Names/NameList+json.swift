extension JSONText {
  /// Appends a name as a string in quotes. Nearly all names stand for themselves, and no string is made of those.
  mutating func string(_ names: NameList, at index: Int) {
    if names.isPlain(at: index) {
      raw("\"")
      raw(names.utf8(at: index))
      raw("\"")
    } else {
      string(names[index])
    }
  }

  /// Appends the string `resource/name`.
  mutating func string(_ resource: String, slash names: NameList, at index: Int) {
    if resource.withBytes(NameList.isPlain), names.isPlain(at: index) {
      raw("\"")
      raw(resource)
      raw("/")
      raw(names.utf8(at: index))
      raw("\"")
    } else {
      string(resource, slash: names[index])
    }
  }
}

extension MetricsListing.Section {
  /// Appends the name at `position` as a string in quotes.
  package func write(_ position: Int, to json: inout JSONText) { json.string(names, at: position) }
}

extension NameList {
  func isPlain(at index: Int) -> Bool { withBytes(at: index, Self.isPlain) }

  /// Whether JSON needs no escape in it (RFC 8259, section 7).
  static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
  }
}
