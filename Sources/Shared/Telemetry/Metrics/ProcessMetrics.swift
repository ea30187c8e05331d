import Glibc

/// What Prometheus' own libraries tell of every process, and which build it is.
package enum ProcessMetrics {
  /// Registers the `process_*` metrics, read from `/proc/self` at each scrape, and `metrics_router_build_info`.
  /// `component` is the name of the executable. What cannot be read is left out.
  package static func register(in registry: MetricsRegistry, version: String, component: String) {
    registry.gauge(
      "metrics_router_build_info", help: "Always 1; the labels say which build runs.", labels: ["version", "component"]
    ).child(version, component).set(1)
    registry.counter("process_cpu_seconds_total", help: "Processor time spent, by user and system, in seconds.") {
      ProcessStatus.current()?.processorSeconds
    }
    registry.gauge("process_resident_memory_bytes", help: "Resident memory in bytes.") {
      ProcessStatus.current().map { Double($0.residentBytes) }
    }
    registry.gauge("process_virtual_memory_bytes", help: "Virtual memory in bytes.") {
      ProcessStatus.current().map { Double($0.virtualBytes) }
    }
    registry.gauge("process_start_time_seconds", help: "Start of the process, in seconds since 1970 UTC.") {
      guard let process = ProcessStatus.current(), let boot = ProcessStatus.bootTime() else { return nil }
      return Double(boot) + process.startedAfterBoot
    }
    registry.gauge("process_open_fds", help: "Open file descriptors.") { openDescriptors().map(Double.init) }
    registry.gauge("process_max_fds", help: "How many file descriptors may be open.") {
      var bound = rlimit()
      guard getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &bound) == 0 else { return nil }
      return Double(bound.rlim_cur)
    }
  }

  private static func openDescriptors() -> Int? {
    guard let folder = opendir("/proc/self/fd") else { return nil }
    defer { closedir(folder) }
    var count = 0
    while let entry = readdir(folder) {
      if entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 }
    }
    // The one that reads the folder is among them.
    return count - 1
  }
}
