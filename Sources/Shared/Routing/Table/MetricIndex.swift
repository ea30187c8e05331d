import MetricsAPI

/// Finds by a metric's key the number that it was given: a hash table with open addressing, of 16 bytes a slot. Names stay
/// in the listings that they were found in.
struct MetricIndex: Sendable {
  private struct Slot: Sendable {
    /// Of the key: where its slot is looked for, and whether it can be in one at all.
    var hash: UInt32
    /// Where its name is.
    var listing: UInt32
    var position: UInt32
    /// ``empty`` where there is no metric.
    var number: UInt32
  }

  private static let empty = UInt32.max

  private let listings: [MetricsListing]
  private var slots: [Slot] = []
  /// How many metrics there are.
  private(set) var count = 0

  init(_ listings: [MetricsListing]) { self.listings = listings }

  /// Allocates nothing.
  func number(of key: MetricKey) -> UInt32? {
    if slots.isEmpty { return nil }
    let hash = UInt32(truncatingIfNeeded: key.byteHash)
    var index = start(hash)
    while slots[index].number != Self.empty {
      let slot = slots[index]
      if slot.hash == hash, listings[Int(slot.listing)].isKey(at: Int(slot.position), key) { return slot.number }
      index = next(index)
    }
    return nil
  }

  /// Gives the metric at `position` of a listing the number that `number` makes of the one that it has, nil where it is new.
  /// Returns whether it is. `hash` is that of its key.
  mutating func update(
    listing: Int, position: Int, hash: Int, _ number: (UInt32?) -> UInt32
  ) -> Bool {
    if 4 * count >= 3 * slots.count { resize(to: max(16, 2 * slots.count)) }
    let hash = UInt32(truncatingIfNeeded: hash)
    var index = start(hash)
    while slots[index].number != Self.empty {
      let slot = slots[index]
      if slot.hash == hash,
        listings[listing].isKey(at: position, of: listings[Int(slot.listing)], at: Int(slot.position))
      {
        slots[index].number = number(slot.number)
        return false
      }
      index = next(index)
    }
    slots[index] = Slot(
      hash: hash, listing: UInt32(listing), position: UInt32(position), number: number(nil))
    count += 1
    return true
  }

  /// All numbers, in no order.
  var numbers: some Sequence<UInt32> { slots.lazy.map(\.number).filter { $0 != Self.empty } }

  /// Changes all numbers, once no metric is to come any more, and gives back the slots that are more than it takes.
  mutating func finish(_ number: (UInt32) -> UInt32) {
    for index in slots.indices where slots[index].number != Self.empty {
      slots[index].number = number(slots[index].number)
    }
    // A slot stays empty, at which the search for what is not there ends.
    resize(to: count + count / 2 + 1)
  }

  private mutating func resize(to capacity: Int) {
    let former = slots
    slots = Array(repeating: Slot(hash: 0, listing: 0, position: 0, number: Self.empty), count: capacity)
    for slot in former where slot.number != Self.empty {
      var index = start(slot.hash)
      while slots[index].number != Self.empty { index = next(index) }
      slots[index] = slot
    }
  }

  /// Spreads the hashes over the slots, whatever their number.
  private func start(_ hash: UInt32) -> Int { Int((UInt64(hash) * UInt64(slots.count)) >> 32) }

  private func next(_ index: Int) -> Int { index + 1 == slots.count ? 0 : index + 1 }
}
