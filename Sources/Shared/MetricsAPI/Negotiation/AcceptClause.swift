/// One clause of an `Accept` field: a media range with the parameters that Kubernetes gives a meaning.
///
/// Read as `ParseAccept` of github.com/munnerz/goautoneg does, which API servers use: broken clauses and parameters are
/// passed over, values are not unquoted. Names are compared without case, as RFC 9110 (section 8.3.1) wants it.
struct AcceptClause {
  private var type: ArraySlice<UInt8>
  private var subtype: ArraySlice<UInt8>
  /// The weight in thousandths. One of 0 only comes last, as it does at API servers.
  private var weight = 1000
  /// `as`, `g` and `v`: the kind, group and version into which the answer is to be turned.
  private var kind: ArraySlice<UInt8>?
  private var group: ArraySlice<UInt8>?
  private var version: ArraySlice<UInt8>?
  /// Asks for what no endpoint here has: a stream of another kind than `watch`, or a server version.
  private(set) var isImpossible = false
  /// `pretty=1`.
  private(set) var isPretty = false

  /// More clauses than any client sends; the others are not looked at, so that a field costs little however long it is.
  private static let maximumCount = 32

  /// The clauses of a field, those to be tried first in front.
  static func parse(_ field: ArraySlice<UInt8>) -> [AcceptClause] {
    var clauses: [AcceptClause] = []
    for part in field.split(separator: UInt8(ascii: ","), maxSplits: maximumCount).prefix(maximumCount) {
      guard let clause = AcceptClause(part) else { continue }
      // By insertion, as Go sorts so few: the order is no strict one, so that the way of sorting shows in the result.
      var position = clauses.endIndex
      while position > 0, clause.precedes(clauses[position - 1]) { position -= 1 }
      clauses.insert(clause, at: position)
    }
    return clauses
  }

  private init?(_ text: ArraySlice<UInt8>) {
    let parts = text.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
    let range = parts[0].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(\.trimmed)
    type = range[0]
    switch range.count {
    case 2 where !range[1].isEmpty: subtype = range[1]
    case 1 where type.isWildcard, 2 where type.isWildcard: subtype = type
    default: return nil
    }
    for part in parts.dropFirst() { read(parameter: part) }
  }

  private mutating func read(parameter: ArraySlice<UInt8>) {
    let sides = parameter.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
    guard sides.count == 2, !sides[1].isEmpty else { return }
    let value = sides[1].trimmed
    let name = sides[0].trimmed
    if name.matches("q") {
      weight = Self.weight(value)
    } else if name.matches("as") {
      kind = value
    } else if name.matches("g") {
      group = value
    } else if name.matches("v") {
      version = value
    } else if name.matches("pretty") {
      isPretty = value.elementsEqual("1".utf8)
    } else if name.matches("stream") {
      isImpossible = isImpossible || !(value.isEmpty || value.elementsEqual("watch".utf8))
    } else if name.matches("sv") {
      isImpossible = isImpossible || !value.isEmpty
    }
  }

  /// A weight of RFC 9110 (section 12.4.2) in thousandths; 0 for what is none.
  private static func weight(_ value: ArraySlice<UInt8>) -> Int {
    guard let first = value.first, first == UInt8(ascii: "0") || first == UInt8(ascii: "1") else { return 0 }
    if first == UInt8(ascii: "1") { return 1000 }
    guard value.count > 1 else { return 0 }
    guard value[value.startIndex + 1] == UInt8(ascii: ".") else { return 0 }
    var weight = 0
    var unit = 100
    for digit in value.dropFirst(2) {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return 0 }
      weight += Int(digit - UInt8(ascii: "0")) * unit
      unit /= 10
    }
    return weight
  }

  private func precedes(_ other: AcceptClause) -> Bool {
    weight > other.weight || !type.isWildcard && other.type.isWildcard
      || !subtype.isWildcard && other.subtype.isWildcard
  }

  func matches(_ media: MediaType) -> Bool {
    if type.isWildcard { return subtype.isWildcard }
    return type.matches("application") && (subtype.isWildcard || subtype.matches(media.subtype))
  }

  /// Whether it is of `application/` and a subtype that begins with `prefix`, in lower case.
  func isOfApplication(subtypePrefix prefix: StaticString) -> Bool {
    type.matches("application") && subtype.prefix(prefix.utf8CodeUnitCount).matches(prefix)
  }

  /// Whether the answer is wanted as it is, not turned into another kind.
  var wantsNoConversion: Bool { kind == nil && group == nil && version == nil }

  func wantsConversion(kind: String, group: String, version: String) -> Bool {
    guard let wanted = self.kind, let wantedGroup = self.group, let wantedVersion = self.version else { return false }
    return wanted.elementsEqual(kind.utf8) && wantedGroup.elementsEqual(group.utf8)
      && wantedVersion.elementsEqual(version.utf8)
  }
}

extension ArraySlice<UInt8> {
  /// Without white space (RFC 9110, section 5.6.3) at both ends.
  var trimmed: ArraySlice<UInt8> {
    var slice = self
    while let first = slice.first, first == 0x20 || first == 0x09 { slice.removeFirst() }
    while let last = slice.last, last == 0x20 || last == 0x09 { slice.removeLast() }
    return slice
  }

  /// Whether this is `name`, which is in lower case, in whatever case.
  func matches(_ name: StaticString) -> Bool {
    guard count == name.utf8CodeUnitCount else { return false }
    return zip(self, UnsafeBufferPointer(start: name.utf8Start, count: count)).allSatisfy { byte, expected in
      byte == expected || byte | 0x20 == expected && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(expected)
    }
  }

  /// Whether these are exactly the bytes of `text`.
  func isExactly(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: count))
  }

  fileprivate var isWildcard: Bool { count == 1 && first == UInt8(ascii: "*") }
}
