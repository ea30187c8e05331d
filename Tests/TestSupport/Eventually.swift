/// Whether `condition` holds within `limit`: for what happens in its own time, on a machine that may be busy.
package func eventually(within limit: Duration = .seconds(15), _ condition: () async -> Bool) async -> Bool {
  let start = ContinuousClock.now
  while await !condition() {
    guard ContinuousClock.now - start < limit else { return false }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return true
}
