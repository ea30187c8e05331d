import Routing
import Testing

/// What a disk, a crash or an editor may make of a snapshot file. None of it is ever taken for a table.
@Suite struct DamagedSnapshotTests {
  private let file = sampleSnapshot.encode()

  private func isAccepted(_ bytes: [UInt8]) -> Bool { (try? Snapshot.decode(bytes)) != nil }

  @Test func `100,000 files with bits flipped at random are rejected`() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    var damaged = file
    for round in 0..<100_000 {
      // One bit as a memory fault flips it, or some as a bad cable does; each bit once, so that none is flipped back.
      var places: Set<Int> = []
      let count = Bool.random(using: &random) ? 1 : Int.random(in: 2...16, using: &random)
      while places.count < count { places.insert(Int.random(in: 0..<file.count * 8, using: &random)) }
      for place in places { damaged[place / 8] ^= 1 << (place % 8) }
      if isAccepted(damaged) {
        Issue.record("accepted: seed \(seed), round \(round), bits \(places.sorted())")
        return
      }
      for place in places { damaged[place / 8] ^= 1 << (place % 8) }
    }
    #expect(isAccepted(damaged))
  }

  @Test func `a file whose blocks were never written is rejected`() {
    for block in [1, 512, 4096] {
      for start in stride(from: 0, to: file.count, by: block) {
        let range = start..<min(start + block, file.count)
        for filler in [UInt8(0), 0xFF] where file[range].contains(where: { $0 != filler }) {
          var damaged = file
          damaged.replaceSubrange(range, with: repeatElement(filler, count: range.count))
          #expect(!isAccepted(damaged), "\(range) of \(filler)")
        }
      }
    }
  }

  @Test func `a file that was overwritten in part is rejected, wherever that ended`() {
    var later = sampleSnapshot
    later.generation += 1
    let newer = later.encode()
    #expect(newer.count == file.count)
    var accepted: [Int] = []
    for cut in 1..<file.count {
      let mixed = Array(newer[..<cut] + file[cut...])
      // Beyond the last byte in which the two differ there is nothing to tell.
      if mixed != newer, mixed != file, isAccepted(mixed) { accepted.append(cut) }
    }
    #expect(accepted.isEmpty)
  }

  @Test func `nothing may stand before or behind a table`() {
    for extra: [UInt8] in [[0], [0x20], [0x0A], [0x0D, 0x0A], Array("{}".utf8), file] {
      #expect(!isAccepted(file + extra))
      #expect(!isAccepted(extra + file))
    }
  }

  @Test func `an empty file, and one of zeros, is rejected`() {
    #expect(!isAccepted([]))
    #expect(!isAccepted([UInt8](repeating: 0, count: file.count)))
  }
}
