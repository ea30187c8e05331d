/// Where a request goes and by which name it asks for the server there.
///
/// libcurl takes SNI and the name to check from the URL's host. So where another TLS server name is wanted, that name
/// is put into the URL, the address is given by `CURLOPT_CONNECT_TO`, and `Host` carries what the URL said before.
struct ConnectTarget: Equatable {
  var url: String
  var connectTo: [String]
  /// The value of `Host` where it differs from what the URL says.
  var host: String?

  init(url: String, serverName: String?, connectTo: [String]) throws(InvalidURL) {
    self.url = url
    self.connectTo = connectTo
    let parts = try URLParts(url)
    guard let serverName, !serverName.isEmpty, parts.isTLS,
      Self.unbracketed(parts.host).lowercased() != serverName.lowercased()
    else { return }
    let (host, port) = Self.resolve(parts, connectTo)
    let name = Self.bracketed(serverName)
    self.url = "https://\(name):\(parts.port)\(parts.rest)"
    // For any host: libcurl knows names that are numbers by another spelling, 8.8.8.8 for 134744072.
    self.connectTo = ["::\(host):\(port)"]
    self.host = parts.authority
  }

  /// The address the first matching entry gives, as curl would pick it: an empty HOST1 or PORT1 matches any, an empty
  /// HOST2 or PORT2 changes nothing.
  private static func resolve(_ parts: URLParts, _ entries: [String]) -> (host: String, port: String) {
    for entry in entries {
      let fields = fields(of: entry)
      guard fields.count == 4, fields[0].isEmpty || fields[0].lowercased() == parts.host.lowercased(),
        fields[1].isEmpty || fields[1] == parts.port
      else { continue }
      return (fields[2].isEmpty ? parts.host : fields[2], fields[3].isEmpty ? parts.port : fields[3])
    }
    return (parts.host, parts.port)
  }

  /// Splits at colons outside brackets.
  private static func fields(of entry: String) -> [String] {
    var fields = [""]
    var isBracketed = false
    for character in entry {
      if character == "[" { isBracketed = true }
      if character == "]" { isBracketed = false }
      if character == ":" && !isBracketed { fields.append("") } else { fields[fields.count - 1].append(character) }
    }
    return fields
  }

  static func bracketed(_ host: String) -> String { host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host }
  private static func unbracketed(_ host: String) -> String {
    host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
  }
}

struct InvalidURL: Error {
  var problem: String
}

/// An `http` or `https` URL cut into what connecting needs.
struct URLParts: Equatable {
  var isTLS: Bool
  /// Host and port as written.
  var authority: String
  /// An IPv6 address keeps its brackets.
  var host: String
  var port: String
  /// Path, query and fragment.
  var rest: String

  init(_ url: String) throws(InvalidURL) {
    guard let separator = url.firstRange(of: "://") else { throw InvalidURL(problem: "it has no scheme") }
    switch url[..<separator.lowerBound].lowercased() {
    case "http": isTLS = false
    case "https": isTLS = true
    default: throw InvalidURL(problem: "its scheme is neither http nor https")
    }
    let authority = url[separator.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains("@") else { throw InvalidURL(problem: "it holds a user name") }
    rest = String(url[authority.endIndex...])
    self.authority = String(authority)
    let hostEnd =
      authority.hasPrefix("[")
      ? authority.firstIndex(of: "]").map(authority.index(after:)) : authority.firstIndex(of: ":")
    let end = hostEnd ?? authority.endIndex
    host = String(authority[..<end])
    let suffix = authority[end...]
    guard !host.isEmpty, host.hasPrefix("[") == host.hasSuffix("]") else { throw InvalidURL(problem: "it has no host") }
    guard !suffix.isEmpty else {
      port = isTLS ? "443" : "80"
      return
    }
    guard suffix.first == ":", let number = UInt16(suffix.dropFirst()), number > 0 else {
      throw InvalidURL(problem: "its port is not a number from 1 to 65535")
    }
    port = String(number)
  }
}
