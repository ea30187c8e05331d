import Foundation

/// What the descriptors lead to that this process has open, those of timers left out: the library behind tasks makes its own
/// when it first needs them. `prefix` is `socket:` for sockets alone: where a test has commands run, the library that does so
/// keeps others for each thread.
package func openDescriptors(_ prefix: String = "") -> [String] {
  let folder = "/proc/self/fd"
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  let targets = names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/" + $0) }
  return targets.filter { $0.hasPrefix(prefix) && !$0.contains("timerfd") }.sorted()
}
