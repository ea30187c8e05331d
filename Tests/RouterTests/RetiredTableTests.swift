import Routing
import Testing

@testable import metrics_router_server

@Suite struct RetiredTableTests {
  private func table() -> LoadedTable {
    LoadedTable(Snapshot(generation: 1, writer: "", time: "", sources: []))
  }

  @Test func `Nothing is given back while the former table is in use`() {
    let used = table()
    var retired = RetiredTable()
    retired.retire(used)
    let isGivenBack = withExtendedLifetime(used) { retired.collect() }
    #expect(!isGivenBack)
  }

  @Test func `Memory is given back once for each table that nobody uses any more`() {
    var retired = RetiredTable()
    let before = retired.collect()
    retired.retire(table())
    let first = [retired.collect(), retired.collect()]
    retired.retire(nil)
    let second = [retired.collect(), retired.collect()]
    #expect(!before && first == [true, false] && second == [true, false])
  }
}
