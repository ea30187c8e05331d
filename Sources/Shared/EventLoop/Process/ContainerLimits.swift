import CLinux
import Glibc

/// What the control group of this process may take, as the limits of a container set it: of version 2, or else of version
/// 1, where they are mounted, which is `root`.
package enum ContainerLimits {
  /// In bytes; nil where there is no bound, or none that can be read.
  package static func memory(root: String = "/sys/fs/cgroup") -> Int? {
    let line = content("\(root)/memory.max") ?? content("\(root)/memory/memory.limit_in_bytes")
    // Without a bound version 1 names a number that is beyond all memory.
    return line.flatMap { Int($0) }.flatMap { $0 < 1 << 60 ? $0 : nil }
  }

  /// How many processors it may keep busy: those that it may run on, or fewer by its quota, rounded up. At least 1.
  package static func processors(root: String = "/sys/fs/cgroup") -> Int {
    let usable = usableProcessors()
    let quota: [Int]
    if let line = content("\(root)/cpu.max") {
      quota = line.split(separator: " ").compactMap { Int($0) }
    } else {
      quota = ["quota", "period"].compactMap { content("\(root)/cpu/cpu.cfs_\($0)_us").flatMap { Int($0) } }
    }
    // "max" in version 2, -1 in version 1, where there is none.
    guard quota.count == 2, quota[0] > 0, quota[1] > 0 else { return usable }
    return max(1, min(usable, (quota[0] - 1) / quota[1] + 1))
  }

  private static func usableProcessors() -> Int {
    var set = cpu_set_t()
    // A machine that has more than the set holds refuses.
    guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else {
      return max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }
    return max(1, withUnsafeBytes(of: set) { bytes in bytes.reduce(0) { $0 + $1.nonzeroBitCount } })
  }

  /// The line in a file of a control group, whose size is not told beforehand.
  private static func content(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 128)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
