/// What the system's resolver says of a host name.
package struct HostAddresses: Sendable, Equatable {
  /// With port 0; never empty.
  package var addresses: [SocketAddress]
  /// The name that has the addresses, at the end of all aliases (CNAME); nil where the resolver tells none.
  package var canonicalName: String?
  /// What the name was completed with, where it was: the domains of `search` in resolv.conf(5).
  package var searchDomains: [String]

  package init(addresses: [SocketAddress], canonicalName: String? = nil, searchDomains: [String] = []) {
    self.addresses = addresses
    self.canonicalName = canonicalName
    self.searchDomains = searchDomains
  }

  /// The other name that `host` is an alias of; nil where the addresses are its own. A Service of type ExternalName is
  /// such an alias in the cluster's DNS. That a name was completed makes no alias of it.
  package func alias(of host: String) -> String? {
    guard let canonicalName else { return nil }
    let (canonical, host) = (Self.bare(canonicalName), Self.bare(host))
    if canonical == host { return nil }
    // Not any name that begins with it: whoever makes the alias has the choice of its target.
    return searchDomains.contains { canonical == "\(host).\(Self.bare($0))" } ? nil : canonicalName
  }

  private static func bare(_ name: String) -> String {
    let name = name.lowercased()
    return name.hasSuffix(".") ? String(name.dropLast()) : name
  }
}

/// The part of `/etc/resolv.conf` that completes names.
enum SearchDomains {
  static let path = "/etc/resolv.conf"

  /// The last `search` or `domain` counts (resolv.conf(5)).
  static func parse(_ text: String) -> [String] {
    var domains: [String] = []
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      switch words.first {
      case "search": domains = words.dropFirst().map(String.init)
      case "domain": domains = words.dropFirst().prefix(1).map(String.init)
      default: break
      }
    }
    return domains
  }

  /// Those of this machine; none where the file cannot be read.
  static func ofSystem() -> [String] {
    do throws(SystemError) {
      return parse(String(decoding: try FileContent.read(path), as: UTF8.self))
    } catch {
      return []
    }
  }
}
