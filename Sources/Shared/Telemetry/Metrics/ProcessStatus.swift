import Glibc

/// What `/proc/self/stat` tells (proc(5)).
struct ProcessStatus: Equatable {
  var processorSeconds: Double
  var startedAfterBoot: Double
  var virtualBytes: Int
  var residentBytes: Int

  /// Nil for text of another form. The second field, the name of the executable in parentheses, may hold anything.
  init?(_ text: String, ticksPerSecond: Int, pageBytes: Int) {
    guard ticksPerSecond > 0, let name = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: name)...].split(separator: " ")
    // Numbered from 1 as in the manual, where the first of these is the third.
    func field(_ number: Int) -> Int? { number - 3 < fields.count ? Int(fields[number - 3]) : nil }
    guard let user = field(14), let system = field(15), let start = field(22), let virtual = field(23),
      let pages = field(24)
    else { return nil }
    processorSeconds = Double(user + system) / Double(ticksPerSecond)
    startedAfterBoot = Double(start) / Double(ticksPerSecond)
    virtualBytes = virtual
    residentBytes = pages * pageBytes
  }

  static func current() -> ProcessStatus? {
    read("/proc/self/stat").flatMap {
      ProcessStatus($0, ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)), pageBytes: sysconf(Int32(_SC_PAGESIZE)))
    }
  }

  /// Of the machine, in seconds since 1970.
  static func bootTime() -> Int? {
    read("/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Int($0.dropFirst(6)) }
  }

  /// A file of `/proc`, whose size is not told beforehand; at most 1 MiB of it.
  private static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 16 << 10)
    while text.count < 1 << 20 {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count == 0 { break }
      guard count > 0 else {
        if errno == EINTR { continue }
        return nil
      }
      text += piece[..<count]
    }
    return String(decoding: text, as: UTF8.self)
  }
}
