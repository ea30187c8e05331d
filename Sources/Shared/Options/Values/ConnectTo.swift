/// A rule that sends connections for one address to another, with curl's `--connect-to` syntax and meaning:
/// `HOST1:PORT1:HOST2:PORT2`. The name that TLS asks for stays that of the first.
package struct ConnectTo: Sendable, Equatable, CustomStringConvertible {
  /// Nil matches any.
  package var host: String?
  package var port: UInt16?
  /// Nil keeps what was meant.
  package var targetHost: String?
  package var targetPort: UInt16?

  /// Nil for text of another form. IPv6 addresses stand in brackets.
  package init?(_ text: String) {
    var parts = [""]
    var isBracketed = false
    for character in text {
      switch character {
      case "[" where !isBracketed && parts[parts.count - 1].isEmpty: isBracketed = true
      case "]" where isBracketed: isBracketed = false
      case ":" where !isBracketed: parts.append("")
      default: parts[parts.count - 1].append(character)
      }
    }
    guard parts.count == 4, !isBracketed, let port = Self.port(parts[1]), let targetPort = Self.port(parts[3]) else {
      return nil
    }
    host = parts[0].isEmpty ? nil : parts[0].lowercased()
    targetHost = parts[2].isEmpty ? nil : parts[2]
    self.port = port == 0 ? nil : port
    self.targetPort = targetPort == 0 ? nil : targetPort
  }

  /// 0 stands for an empty part; nil is an error.
  private static func port(_ text: String) -> UInt16? {
    if text.isEmpty { return 0 }
    guard let port = UInt16(text), port > 0 else { return nil }
    return port
  }

  package func matches(host: String, port: UInt16) -> Bool {
    (self.host == nil || self.host == host.lowercased()) && (self.port == nil || self.port == port)
  }

  package var description: String {
    func bracketed(_ host: String?) -> String {
      guard let host else { return "" }
      return host.contains(":") ? "[\(host)]" : host
    }
    return
      "\(bracketed(host)):\(port.map(String.init) ?? ""):\(bracketed(targetHost)):\(targetPort.map(String.init) ?? "")"
  }
}

extension ValueType where Value == ConnectTo {
  package static var connectTo: Self {
    ValueType(
      placeholder: "HOST1:PORT1:HOST2:PORT2", expectation: "HOST1:PORT1:HOST2:PORT2, IPv6 addresses in brackets",
      parse: { ConnectTo($0) }, format: { $0.description })
  }
}
