import MetricsAPI

/// Writes what follows the header of a snapshot file: indented JSON, one metric a line, everything sorted.
struct SnapshotWriter {
  private var json = JSONText()
  private var depth = 1

  static func body(of snapshot: Snapshot) -> [UInt8] {
    var writer = SnapshotWriter()
    writer.number("generation", "\(snapshot.generation)")
    writer.string("time", snapshot.time)
    writer.string("writer", snapshot.writer)
    writer.open("sources", "[")
    for (index, source) in snapshot.sources.enumerated() {
      writer.line("{")
      writer.depth += 1
      writer.write(source)
      writer.close("}", isLast: index == snapshot.sources.count - 1)
    }
    writer.close("]", isLast: true)
    writer.json.raw("}\n")
    return writer.json.bytes
  }

  private mutating func write(_ source: RoutedSource) {
    string("name", source.name)
    number("priority", "\(source.priority)")
    open("service", "{")
    string("namespace", source.serviceNamespace)
    string("name", source.serviceName, isLast: true)
    close("}")
    open("backend", "{")
    string("scheme", source.backend.scheme.rawValue)
    string("host", source.backend.host)
    number("port", "\(source.backend.port)", isLast: true)
    close("}")
    open("tls", "{")
    string("serverName", source.tls.serverName)
    if let caBundle = source.tls.caBundle { string("caBundle", caBundle) }
    number("insecureSkipTLSVerify", "\(source.tls.insecureSkipTLSVerify)", isLast: true)
    close("}")
    number("sendsToken", "\(source.sendsToken)")
    number("timeoutSeconds", "\(source.timeoutSeconds)")
    number("stale", "\(source.isStale)")
    strings("customVersions", source.customVersions.map(\.rawValue))
    strings("externalVersions", source.externalVersions.map(\.rawValue))
    open("customMetrics", "{")
    write("namespaced", source.listing.custom.filter(\.isNamespaced))
    write("rootScoped", source.listing.custom.filter { !$0.isNamespaced }, isLast: true)
    close("}")
    strings("externalMetrics", source.listing.external)
    strings("placeholders", source.listing.placeholders, isLast: true)
  }

  /// One array of names for each resource; `metrics` are sorted by resource.
  private mutating func write(_ scope: String, _ metrics: [CustomMetric], isLast: Bool = false) {
    if metrics.isEmpty { return line(name: scope, "{}", isLast: isLast) }
    open(scope, "{")
    var rest = metrics[...]
    while let resource = rest.first?.resource {
      let names = rest.prefix { $0.resource == resource }
      rest = rest.dropFirst(names.count)
      strings(resource, names.map(\.name), isLast: rest.isEmpty)
    }
    close("}", isLast: isLast)
  }

  private mutating func strings(_ name: String, _ values: [String], isLast: Bool = false) {
    if values.isEmpty { return line(name: name, "[]", isLast: isLast) }
    open(name, "[")
    for (index, value) in values.enumerated() {
      indent()
      json.string(value)
      json.raw(index == values.count - 1 ? "\n" : ",\n")
    }
    close("]", isLast: isLast)
  }

  private mutating func string(_ name: String, _ value: String, isLast: Bool = false) {
    start(name)
    json.string(value)
    json.raw(isLast ? "\n" : ",\n")
  }

  private mutating func number(_ name: String, _ value: String, isLast: Bool = false) {
    line(name: name, value, isLast: isLast)
  }

  private mutating func line(name: String, _ value: String, isLast: Bool) {
    start(name)
    json.raw(value)
    json.raw(isLast ? "\n" : ",\n")
  }

  private mutating func open(_ name: String, _ bracket: String) {
    start(name)
    json.raw(bracket)
    json.raw("\n")
    depth += 1
  }

  private mutating func close(_ bracket: String, isLast: Bool = false) {
    depth -= 1
    line(isLast ? bracket : bracket + ",")
  }

  private mutating func line(_ text: String) {
    indent()
    json.raw(text)
    json.raw("\n")
  }

  private mutating func start(_ name: String) {
    indent()
    json.string(name)
    json.raw(": ")
  }

  private mutating func indent() {
    for _ in 0..<depth { json.raw("  ") }
  }
}
