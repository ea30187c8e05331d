/// What became of the requests to one source over the last ten minutes, in slots of ten seconds.
struct HistoryRing {
  static let slotSeconds = 10
  static let slotCount = 60

  /// What happened within one slot.
  struct Slot: Equatable {
    /// Requests that the source answered, or left to the next candidate.
    var requests: UInt32 = 0
    /// Of these, the ones that failed.
    var errors: UInt32 = 0
    /// How often it was really asked: requests for the same thing share an answer.
    var asked: UInt32 = 0
    /// That asking it took together.
    var milliseconds: Float = 0

    static func + (left: Slot, right: Slot) -> Slot {
      Slot(
        requests: left.requests &+ right.requests, errors: left.errors &+ right.errors,
        asked: left.asked &+ right.asked, milliseconds: left.milliseconds + right.milliseconds)
    }

    /// Nil where it was not asked.
    var meanMilliseconds: Double? { asked > 0 ? Double(milliseconds) / Double(asked) : nil }
    /// From 0 to 1; nil where there were no requests.
    var errorRate: Double? { requests > 0 ? Double(errors) / Double(requests) : nil }
  }

  private var slots = [Slot](repeating: Slot(), count: slotCount)
  /// The number of the newest slot; slots are numbered through.
  private var newest: Int

  init(at number: Int) { newest = number }

  /// Adds to the slot with `number`, which is the newest one or after it; those between are empty.
  mutating func add(_ slot: Slot, at number: Int) {
    advance(to: number)
    slots[newest % Self.slotCount] = slots[newest % Self.slotCount] + slot
  }

  /// The last slots, the oldest first, the one with `number` last.
  func slots(endingAt number: Int) -> [Slot] {
    var ring = self
    ring.advance(to: number)
    let end = ring.newest % Self.slotCount + 1
    return Array(ring.slots[end...] + ring.slots[..<end])
  }

  private mutating func advance(to number: Int) {
    guard number > newest else { return }
    for passed in 1...min(number - newest, Self.slotCount) { slots[(number - passed + 1) % Self.slotCount] = Slot() }
    newest = number
  }
}
