import CLinux

/// The table that was in force before, until nobody uses it any more: workers keep theirs until they next look.
///
/// A large table is tens of thousands of pieces, whose memory the allocator keeps when they are freed, while the next table
/// is already there. It is asked to give it back once for each table, by who reads snapshots and not by a worker, since that
/// takes some milliseconds.
struct RetiredTable {
  private weak var table: LoadedTable?
  private var isWaitedFor = false

  /// `table` is no longer in force.
  mutating func retire(_ table: LoadedTable?) {
    self.table = table
    isWaitedFor = true
  }

  /// To be called now and then. Whether memory was given back, which is once for each table.
  @discardableResult mutating func collect() -> Bool {
    guard isWaitedFor, table == nil else { return false }
    isWaitedFor = false
    malloc_trim(0)
    return true
  }
}
