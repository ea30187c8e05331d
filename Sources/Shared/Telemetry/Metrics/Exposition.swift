/// The text that a scrape is answered with: Prometheus' text format 0.0.4, in bytes.
struct Exposition {
  private(set) var bytes: [UInt8] = []

  /// Begins a family: what follows are its samples.
  mutating func begin(_ description: MetricDescription) {
    append("# HELP ")
    append(description.name)
    append(" ")
    bytes.append(escaped: description.help, quoted: false)
    append("\n# TYPE ")
    append(description.name)
    append(" ")
    append(description.kind.rawValue)
    append("\n")
  }

  mutating func sample(_ name: String, suffix: String = "", _ labels: LabelText, _ value: UInt64) {
    series(name, suffix, labels)
    append(String(value))
    append("\n")
  }

  mutating func sample(_ name: String, _ labels: LabelText, _ value: Int) {
    series(name, "", labels)
    append(String(value))
    append("\n")
  }

  mutating func sample(_ name: String, suffix: String = "", _ labels: LabelText, _ value: Double) {
    series(name, suffix, labels)
    bytes.append(float: value)
    append("\n")
  }

  /// Buckets with the count of all observations up to their bound, then sum and count. The count is that of the last
  /// bucket, so that they agree though observations go on.
  mutating func samples(_ name: String, _ labels: LabelText, of histogram: Histogram) {
    let (counts, nanoseconds) = histogram.state
    var total: UInt64 = 0
    for (count, bound) in zip(counts, histogram.bounds.labels) {
      total &+= count
      sample(name, suffix: "_bucket", labels.adding(bound), total)
    }
    sample(name, suffix: "_sum", labels, Double(nanoseconds) / 1e9)
    sample(name, suffix: "_count", labels, total)
  }

  private mutating func series(_ name: String, _ suffix: String, _ labels: LabelText) {
    append(name)
    append(suffix)
    if !labels.bytes.isEmpty {
      append("{")
      bytes.append(contentsOf: labels.bytes)
      append("}")
    }
    append(" ")
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}

/// Labels as they stand between the braces: `source="a",code="200"`.
struct LabelText: Sendable, Hashable {
  private(set) var bytes: [UInt8] = []

  init(names: [String], values: [String]) {
    for (name, value) in zip(names, values) {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: name.utf8)
      bytes.append(contentsOf: #"=""#.utf8)
      bytes.append(escaped: value, quoted: true)
      bytes.append(UInt8(ascii: "\""))
    }
  }

  /// With one more label, given as it is to stand there.
  func adding(_ label: [UInt8]) -> LabelText {
    var text = self
    if !text.bytes.isEmpty { text.bytes.append(UInt8(ascii: ",")) }
    text.bytes.append(contentsOf: label)
    return text
  }

  static func precedes(_ left: LabelText, _ right: LabelText) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

extension [UInt8] {
  /// Newlines and backslashes are escaped, and within quotes these too.
  fileprivate mutating func append(escaped text: String, quoted: Bool) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): append(contentsOf: #"\\"#.utf8)
      case UInt8(ascii: "\n"): append(contentsOf: #"\n"#.utf8)
      case UInt8(ascii: "\"") where quoted: append(contentsOf: #"\""#.utf8)
      default: append(byte)
      }
    }
  }
}
