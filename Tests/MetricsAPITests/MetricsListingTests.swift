import Testing

@testable import MetricsAPI

@Suite struct MetricsListingTests {
  private func pods(_ name: String, isNamespaced: Bool = true) -> CustomMetric {
    CustomMetric(resource: "pods", isNamespaced: isNamespaced, name: name)
  }

  private let listing = MetricsListing(
    custom: [
      CustomMetric(resource: "pods", isNamespaced: false, name: "b"),
      CustomMetric(resource: "pods", isNamespaced: true, name: "c"),
      CustomMetric(resource: "nodes", isNamespaced: false, name: "z"),
      CustomMetric(resource: "pods", isNamespaced: true, name: "b"),
      CustomMetric(resource: "pods", isNamespaced: true, name: "c"),
    ], external: ["q", "p", "q"], placeholders: ["externalmetrics", "/custommetrics", "externalmetrics"])

  @Test func `A listing is in order and has each metric once, whatever it was given`() {
    let custom = ["nodes/z(root scoped)", "pods/b(namespaced)", "pods/b(root scoped)", "pods/c(namespaced)"]
    #expect(listing.custom.map(\.description) == custom)
    #expect(Array(listing.external) == ["p", "q"])
    #expect(listing.placeholders == ["/custommetrics", "externalmetrics"])
    #expect(listing.count == 6)
    let again = MetricsListing(
      custom: listing.custom.reversed(), external: listing.external.reversed(), placeholders: listing.placeholders)
    #expect(again == listing)
    #expect(again.hashValue == listing.hashValue)
  }

  @Test func `The order is that of bytes, and canonically equivalent names are two`() {
    // As Swift sorts them, the accented letters are neighbours before f.
    let names = ["f", "é", "e\u{301}", "ﬀ", "z", "Z", "𝄞"]
    let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    #expect(MetricsListing(external: names).external.map { Array($0.utf8) } == sorted.map { Array($0.utf8) })
    #expect(MetricsListing(custom: names.map { pods($0) }).custom.map(\.name.utf8.count) == sorted.map(\.utf8.count))
    #expect(MetricsListing(external: ["é"]) != MetricsListing(external: ["e\u{301}"]))
    #expect(MetricsListing(custom: [pods("é")]).custom != [pods("e\u{301}")])
  }

  @Test func `A listing contains what it lists, and what it has in another scope it does not`() {
    for key in listing.keys { #expect(listing.contains(key)) }
    for key in [MetricKey.custom(pods("c", isNamespaced: false)), .custom(pods("a")), .external("r"), .external("b")] {
      #expect(!listing.contains(key))
    }
    #expect(!MetricsListing().contains(.external("p")))
    #expect(listing.custom.contains(pods("b", isNamespaced: false)))
    #expect(listing.external.contains("q"))
  }

  @Test func `A union has what either has`() {
    let other = MetricsListing(custom: [pods("a"), pods("c")], external: ["0"], placeholders: ["x/custommetrics"])
    let union = listing.union(other)
    #expect(
      union
        == MetricsListing(
          custom: Array(listing.custom) + other.custom, external: Array(listing.external) + other.external,
          placeholders: listing.placeholders + other.placeholders))
    #expect(union == other.union(listing))
    #expect(listing.union(MetricsListing()) == listing)
    #expect(MetricsListing().union(listing) == listing)
  }

  @Test func `What is limited to a group loses the other one, and placeholders`() {
    #expect(listing.limited(to: [.external]) == MetricsListing(external: ["p", "q"]))
    #expect(listing.limited(to: [.custom]) == MetricsListing(custom: Array(listing.custom)))
    #expect(listing.limited(to: []) == MetricsListing())
  }

  @Test func `A key has the hash of the name that stands for it, and is found at its place alone`() {
    var hashes: [Int] = []
    for section in listing.sections {
      section.forEachHash { position, hash in
        #expect(position == hashes.count)
        hashes.append(hash)
      }
    }
    let keys = Array(listing.keys)
    #expect(hashes == keys.map(\.byteHash))
    #expect(Set(hashes).count == 6)
    for position in keys.indices {
      #expect(keys.indices.filter { listing.isKey(at: $0, keys[position]) } == [position])
      #expect(keys.indices.filter { listing.isKey(at: $0, of: listing, at: position) } == [position])
    }
    #expect(MetricKey.external("é").byteHash != MetricKey.external("e\u{301}").byteHash)
  }
}

@Suite struct ByteOrderTests {
  @Test func `Bytes compare as one after another, however long what they have in common`() {
    let texts = (0...20).flatMap { count in
      ["", "a", "b", "aa", "\u{FF}", "b\u{301}bbbbbbbbb"].map {
        Array(String(repeating: "x", count: count).utf8) + Array($0.utf8)
      }
    }
    for left in texts {
      for right in texts {
        let compared = left.withUnsafeBufferPointer { left in
          right.withUnsafeBufferPointer { ByteOrder.compare(left, $0) }
        }
        let expected = left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
        #expect(compared.signum() == expected)
        let areEqual = left.withUnsafeBufferPointer { left in
          right.withUnsafeBufferPointer { ByteOrder.areEqual(left, $0) }
        }
        #expect(areEqual == (left == right))
      }
    }
  }
}

@Suite struct NameMergeTests {
  @Test func `The first names of several runs come in order, each once`() {
    let listings = [["a", "c", "e", "g"], ["b", "c", "d"], [], ["a"], ["h"]].map { MetricsListing(external: $0) }
    let all = ["a", "b", "c", "d", "e", "g", "h"]
    for limit in 0...8 {
      var merge = NameMerge(listings.flatMap(\.sections))
      let names = merge.first(limit)
      #expect((0..<names.count).map { names[$0] } == Array(all.prefix(limit)))
    }
  }

  @Test func `keys that differ only in where the resource ends have different hashes`() {
    let hashes = (1..<9).map { length in
      MetricKey.custom(
        CustomMetric(
          resource: String(repeating: "a", count: length), isNamespaced: true,
          name: String(repeating: "a", count: 9 - length))
      ).byteHash
    }
    #expect(Set(hashes).count == hashes.count)
  }
}
