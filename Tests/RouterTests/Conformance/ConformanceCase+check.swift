import HTTP

extension ConformanceCase {
  /// What in an observation over `version` is not as the case has it, in words; nothing where all is.
  func problems(_ observation: Observation, version: String) -> [String] {
    var problems: [String] = []
    func expect(_ what: String, _ found: String, _ expected: String) {
      if found != expected { problems.append("\(what):\n  found    \(found)\n  expected \(expected)") }
    }
    expect("status", "\(observation.status)", "\(answer.status)")
    let isLower = version == HTTPServer.http2
    expect("fields", Self.text(fields(of: observation), isLower), Self.text(answer.allFields(isLower), isLower))
    if observation.first("Date") == nil { problems.append("there is no Date") }
    if answer.isFollowed, observation.first("Audit-Id") == nil { problems.append("there is no Audit-Id") }
    if observation.status != 304, request.method != "HEAD" {
      expect("Content-Length", observation.first("Content-Length") ?? "none", "\(observation.body.count)")
    }
    problems += bodyProblems(observation.body)
    if let asked { expect("asked", observation.asked.joined(separator: "\n"), asked.joined(separator: "\n")) }
    if let forwarded {
      let found = zip(observation.forwarded, forwarded + Array(repeating: "", count: observation.forwarded.count))
        .map { $1.contains("\n") ? Self.sorted($0) : Self.target($0) }
      expect("forwarded", found.joined(separator: "\n"), forwarded.joined(separator: "\n"))
    }
    if case .differs(let theirs, _, _) = reference, theirs.text == answer.text {
      problems.append("no difference is to be seen in what is said to differ")
    }
    return problems
  }

  private func bodyProblems(_ body: [UInt8]) -> [String] {
    let text = String(decoding: body, as: UTF8.self).withoutHashes
    switch answer.body {
    case .exactly(let expected) where text != expected:
      return ["body:\n  found    \(text.prefix(3000).debugDescription)\n  expected \(expected.debugDescription)"]
    case .bytes(let expected) where body != expected: return ["body: found \(body), expected \(expected)"]
    case .begins(let expected) where !text.hasPrefix(expected):
      return ["body:\n  found    \(text.prefix(600).debugDescription)\n  expected \(expected.debugDescription)"]
    case .gzip where !body.starts(with: [0x1F, 0x8B]): return ["body: is not in gzip"]
    case .described: return ["body: what the router answers is not to be described"]
    default: return []
    }
  }

  /// Those that tell something, with digests as `<hash>`.
  func fields(of observation: Observation) -> [Field] {
    let isFollowed = request.headers.contains { $0.name == "Audit-Id" }
    return observation.fields.filter { field in
      let name = field.name.lowercased()
      return name != "date" && name != "content-length" && (name != "audit-id" || isFollowed)
    }.map { Field($0.name, $0.value.withoutHashes) }
  }

  private static func text(_ fields: [Field], _ isLower: Bool) -> String {
    fields.map { "\(isLower ? $0.name.lowercased() : $0.name): \($0.value)" }.sorted().joined(separator: " | ")
  }

  private static func target(_ request: String) -> String { String(request.prefix { $0 != "\n" }) }

  private static func sorted(_ request: String) -> String {
    let lines = request.split(separator: "\n")
    return (lines.prefix(1) + lines.dropFirst().sorted()).joined(separator: "\n")
  }
}

extension ConformanceCase.Answer {
  /// In HTTP/2 nothing is said of the connection.
  func allFields(_ isHTTP2: Bool = false) -> [Field] {
    let first = [contentType.map { Field("Content-Type", $0) }, cacheControl.map { Field("Cache-Control", $0) }]
    return first.compactMap { $0 } + fields.filter { !isHTTP2 || $0.name != "Connection" }
  }

  /// All there is to compare.
  var text: String { "\(status) \(allFields().map { "\($0.name): \($0.value)" }.sorted()) \(body)" }
}
