import Foundation

/// The text exposition format 0.0.4, read strictly: what Prometheus' parser would refuse, and what its documentation
/// asks for beyond that, is an error.
struct MetricsText {
  struct Sample: Equatable {
    var name: String
    var labels: [String: String]
    /// As they stand there.
    var labelNames: [String]
    var value: Double
    var valueText: String
  }

  struct Family: Equatable {
    var name: String
    var help: String
    var type: String
    var samples: [Sample] = []
  }

  struct Refusal: Error, CustomStringConvertible {
    var description: String
  }

  private(set) var families: [Family] = []

  init(_ bytes: [UInt8]) throws {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Refusal(description: "not UTF-8") }
    guard text.isEmpty || text.hasSuffix("\n") else { throw Refusal(description: "the last line has no end") }
    var help: (name: String, text: String)?
    for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      var reader = LineReader(line: String(line))
      if try reader.skip("# HELP ") {
        guard help == nil else { throw reader.refusal("HELP follows HELP") }
        help = (try reader.identifier(), try reader.helpText())
      } else if try reader.skip("# TYPE ") {
        let name = try reader.identifier()
        guard let text = help, text.name == name else { throw reader.refusal("TYPE without its HELP") }
        guard !families.contains(where: { $0.name == name }) else { throw reader.refusal("the family is there twice") }
        families.append(Family(name: name, help: text.text, type: try reader.type()))
        help = nil
      } else {
        let sample = try reader.sample()
        guard help == nil, let last = families.indices.last else { throw reader.refusal("a sample of no family") }
        try families[last].take(sample, reader)
      }
    }
    for family in families where family.type == "histogram" { try family.checkHistogram() }
    guard families.allSatisfy({ !$0.samples.isEmpty }) else { throw Refusal(description: "a family without samples") }
  }

  subscript(name: String) -> Family? { families.first { $0.name == name } }

  /// The value of the one series with this name and these labels.
  func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    families.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
  }
}

extension MetricsText.Family {
  fileprivate mutating func take(_ sample: MetricsText.Sample, _ reader: LineReader) throws {
    let suffixes = type == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
    guard suffixes.contains(where: { sample.name == name + $0 }) else {
      throw reader.refusal("\(sample.name) is not of the family \(name)")
    }
    guard !samples.contains(where: { $0.name == sample.name && $0.labels == sample.labels }) else {
      throw reader.refusal("the series is there twice")
    }
    samples.append(sample)
  }

  /// Buckets ascend in bound and count, the last is +Inf, and it agrees with the count; sum and count are there.
  fileprivate func checkHistogram() throws {
    var children: [[String: String]: [MetricsText.Sample]] = [:]
    for sample in samples {
      var labels = sample.labels
      labels["le"] = nil
      children[labels, default: []].append(sample)
    }
    for (labels, samples) in children {
      let buckets = samples.filter { $0.name.hasSuffix("_bucket") }
      let bounds = buckets.compactMap { $0.labels["le"] }.compactMap { $0 == "+Inf" ? .infinity : Double($0) }
      guard bounds.count == buckets.count, bounds == bounds.sorted(), bounds.last == .infinity,
        buckets.map(\.value) == buckets.map(\.value).sorted(),
        samples.filter({ $0.name.hasSuffix("_sum") }).count == 1,
        samples.filter({ $0.name.hasSuffix("_count") }).map(\.value) == [buckets.last?.value]
      else { throw MetricsText.Refusal(description: "\(name)\(labels): no sound histogram") }
    }
  }
}

/// One line, read from left to right.
private struct LineReader {
  let line: String
  private var rest: Substring.UnicodeScalarView

  init(line: String) {
    self.line = line
    rest = line.unicodeScalars[...]
  }

  func refusal(_ problem: String) -> MetricsText.Refusal { .init(description: "\(problem): \(line)") }

  mutating func skip(_ text: String) throws -> Bool {
    guard rest.starts(with: text.unicodeScalars) else { return false }
    rest.removeFirst(text.unicodeScalars.count)
    return true
  }

  /// A name, and the blank after it if there is one.
  mutating func identifier() throws -> String {
    let name = rest.prefix { $0.isASCII && ($0.properties.isAlphabetic || "0123456789_:".unicodeScalars.contains($0)) }
    guard let first = name.first, !("0"..."9").contains(first) else { throw refusal("no name") }
    rest.removeFirst(name.count)
    _ = try skip(" ")
    return String(name)
  }

  mutating func helpText() throws -> String { try unescaped(["\\": "\\", "n": "\n"], until: nil) }

  mutating func type() throws -> String {
    let type = String(rest)
    guard ["counter", "gauge", "histogram"].contains(type) else { throw refusal("no type") }
    return type
  }

  mutating func sample() throws -> MetricsText.Sample {
    let name = try identifier()
    var labels: [String: String] = [:]
    var names: [String] = []
    if try skip("{") {
      repeat {
        let label = try identifier()
        guard try skip("=\"") else { throw refusal("no value of \(label)") }
        let value = try unescaped(["\\": "\\", "n": "\n", "\"": "\""], until: "\"")
        guard labels.updateValue(value, forKey: label) == nil else { throw refusal("\(label) is there twice") }
        names.append(label)
      } while try skip(",")
      guard try skip("} ") else { throw refusal("the labels do not end") }
    }
    let text = String(rest)
    let special = ["+Inf": Double.infinity, "-Inf": -.infinity, "NaN": .nan]
    guard let value = special[text] ?? Double(text), special[text] != nil || value.isFinite else {
      throw refusal("no number")
    }
    return .init(name: name, labels: labels, labelNames: names, value: value, valueText: text)
  }

  private mutating func unescaped(
    _ escapes: [Unicode.Scalar: Unicode.Scalar], until end: Unicode.Scalar?
  ) throws -> String {
    var text = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      if scalar == end { return String(text) }
      guard scalar == "\\" else {
        text.append(scalar)
        continue
      }
      guard let next = rest.popFirst(), let meant = escapes[next] else { throw refusal("a wrong escape") }
      text.append(meant)
    }
    guard end == nil else { throw refusal("a value does not end") }
    return String(text)
  }
}
