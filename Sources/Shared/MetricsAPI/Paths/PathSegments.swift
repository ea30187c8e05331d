/// The segments of a decoded path, none of them empty, `.` or `..`.
///
/// A decoded path never held an encoded `/`, so every `/` separates.
struct PathSegments {
  /// Strings rather than slices: most fit into a String without memory of their own, and compare faster.
  let segments: [String]
  /// Whether the path ends in `/` after its last segment.
  let hasTrailingSlash: Bool

  init(_ path: String) throws(PathError) {
    let bytes = path.utf8
    var segments: [String] = []
    segments.reserveCapacity(8)
    var start = bytes.index(after: bytes.startIndex)
    while start != bytes.endIndex {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex
      if end == start { throw .emptySegment }
      let segment = String(path[start..<end])
      if segment == "." || segment == ".." { throw .dotSegment }
      segments.append(segment)
      start = end
      if end == bytes.endIndex { break }
      start = bytes.index(after: end)
    }
    self.segments = segments
    hasTrailingSlash = !segments.isEmpty && bytes.last == UInt8(ascii: "/")
  }
}
