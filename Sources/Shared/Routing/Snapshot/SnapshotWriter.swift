import MetricsAPI

/// Writes what follows the header of a snapshot file: indented JSON, one metric a line, everything sorted.
struct SnapshotWriter {
  private var json = JSONText()
  private var depth = 1
  /// More than any line is indented by.
  private static let spaces = [UInt8](repeating: UInt8(ascii: " "), count: 32)

  static func body(of snapshot: Snapshot) -> [UInt8] {
    var writer = SnapshotWriter()
    writer.number("generation", "\(snapshot.generation)")
    writer.string("time", snapshot.time)
    writer.string("writer", snapshot.writer)
    writer.objects("sources", snapshot.sources, isLast: true) { $0.write($1) }
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
    strings("metricTypes", source.metricTypes.map(\.rawValue))
    objects("claims", source.claims) { $0.write($1) }
    strings("fallThrough", source.fallThrough.outcomes.map(\.rawValue))
    if let shadowOf = source.shadowOf { string("shadowOf", shadowOf) }
    write(source.listing)
    strings("placeholders", source.listing.placeholders)
    objects("retained", source.retained, isLast: true) { writer, retained in
      writer.string("lastListed", retained.lastListed)
      writer.write(retained.listing, isLast: true)
    }
  }

  private mutating func write(_ listing: MetricsListing, isLast: Bool = false) {
    let sections = listing.sections
    open("customMetrics", "{")
    write("namespaced", sections) { if case .custom(let resource, true) = $0 { resource } else { nil } }
    write("rootScoped", sections, isLast: true) { if case .custom(let resource, false) = $0 { resource } else { nil } }
    close("}")
    names("externalMetrics", sections.filter { $0.scope == .external }[...], isLast: isLast)
  }

  private mutating func write(_ claim: Claim) {
    if let metricType = claim.metricType { string("metricType", metricType.rawValue) }
    strings("metrics", claim.metrics.map(\.pattern))
    strings("resources", claim.resources.map(\.pattern))
    strings("namespaces", claim.namespaces.map(\.pattern))
    strings("selectorKeys", claim.selectorKeys.map(\.description), isLast: true)
  }

  private mutating func objects<Element>(
    _ name: String, _ elements: [Element], isLast: Bool = false, write: (inout SnapshotWriter, Element) -> Void
  ) {
    if elements.isEmpty { return line(name: name, "[]", isLast: isLast) }
    open(name, "[")
    for (index, element) in elements.enumerated() {
      line("{")
      depth += 1
      write(&self, element)
      close("}", isLast: index == elements.count - 1)
    }
    close("]", isLast: isLast)
  }

  /// One array of names for each resource that `resource` tells of a scope. `sections` are in order.
  private mutating func write(
    _ name: String, _ sections: [MetricsListing.Section], isLast: Bool = false,
    resource: (MetricScope) -> String?
  ) {
    var rest = sections.filter { resource($0.scope) != nil }[...]
    if rest.isEmpty { return line(name: name, "{}", isLast: isLast) }
    open(name, "{")
    while let scope = rest.first?.scope {
      let same = rest.prefix { $0.scope == scope }
      rest = rest.dropFirst(same.count)
      names(resource(scope) ?? "", same, isLast: rest.isEmpty)
    }
    close("}", isLast: isLast)
  }

  /// The names of all of `sections` in one array.
  private mutating func names(_ name: String, _ sections: ArraySlice<MetricsListing.Section>, isLast: Bool) {
    var left = sections.reduce(0) { $0 + $1.count }
    if left == 0 { return line(name: name, "[]", isLast: isLast) }
    open(name, "[")
    for section in sections {
      for position in section.range {
        left -= 1
        indent()
        section.write(position, to: &json)
        json.raw(left == 0 ? "\n" : ",\n")
      }
    }
    close("]", isLast: isLast)
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
    json.raw(Self.spaces.prefix(2 * depth))
  }
}
