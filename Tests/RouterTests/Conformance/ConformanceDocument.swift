import Foundation

/// `docs/protocol-conformance.md`, made of the cases and of what a router has just answered to them.
struct ConformanceDocument {
  /// Bodies up to this many characters stand in the table, longer ones below it.
  private static let inlineLength = 480
  /// Of a longer body only this much is shown.
  private static let shownLength = 2400

  private(set) var text = """
    # Protocol conformance

    What the router answers beside what an API server answers that is built on genericapiserver (`k8s.io/apiserver`) and
    `sigs.k8s.io/custom-metrics-apiserver`, as metrics adapters are. `Tests/RouterTests/Conformance` holds the cases, asks
    them of a router over TLS, in HTTP/1.1 and in HTTP/2, compares every byte, and makes this document of the answers:
    `UPDATE_DOCS=1 swift test --filter Conformance`.

    How to read it:

    * The caller shows a good bearer token, a metrics source answers and a routing table is loaded, unless the request says
      otherwise.
    * ⏎ is a line feed, ␍ a carriage return. A body behind a number stands below its table. `<hash>` is a digest in hexadecimal digits.
    * Every answer has `Date` and `Content-Length`, and every answer but those of the HTTP layer itself `Audit-Id`; none has
      a field that is not shown. Go answers larger bodies in chunks, without a length, and adds `X-Kubernetes-Pf-…` fields
      that name its flow control. In HTTP/2, names of fields are in lower case and there is no `Connection`.
    * "the same": status, fields and body, byte for byte. What differs is shown in full, with the reason.
    * Paths are those of `k8s.io/apiserver` unless another module is named.

    """
  private var notes: [String] = []

  mutating func append(_ section: ConformanceSection, _ observations: [Observation]) {
    notes = []
    text += "\n## \(section.title)\n\n\(section.introduction)\n\n"
    text += "| | request | the router | genericapiserver |\n|---|---|---|---|\n"
    for (example, observation) in zip(section.cases, observations) {
      text += "| \(example.fact) | \(request(example)) | \(answer(example, observation)) | \(reference(example)) |\n"
    }
    for (index, note) in notes.enumerated() { text += "\n**[\(index + 1)]**\n\n```\n\(note)\n```\n" }
  }

  private func request(_ example: ConformanceCase) -> String {
    let request = example.request
    var lines: [String]
    if let bytes = request.bytes {
      lines = [Self.code(Self.shortened(bytes).replacingOccurrences(of: "\r", with: "␍"))]
    } else {
      lines = ["`\(request.method)` " + Self.code(Self.shortened(request.target))]
    }
    lines += request.headers.map { Self.code("\($0.name): \(Self.shortened($0.value))") }
    if request.bytes == nil, let caller = request.caller.text { lines.append(caller) }
    if let state = example.state.text { lines.append(state) }
    return lines.joined(separator: "<br>")
  }

  private mutating func answer(_ example: ConformanceCase, _ observation: Observation) -> String {
    let fields = example.fields(of: observation)
    var lines = [Self.head(observation.status, fields)]
    switch example.answer.body {
    case .gzip: lines.append("compressed")
    case .bytes(let bytes): lines.append(bytes.map { String($0, radix: 16) }.joined(separator: " "))
    default: lines += body(String(decoding: observation.body, as: UTF8.self).withoutHashes)
    }
    if example.asked != nil {
      lines += observation.asked.map { "asks: " + Self.code($0) }
      if observation.asked.isEmpty { lines.append("asks nobody") }
    }
    if let forwarded = example.forwarded {
      let isWhole = forwarded.contains { $0.contains("\n") }
      for request in observation.forwarded {
        let sent = request.split(separator: "\n").map(String.init)
        lines += (isWhole ? sent : Array(sent.prefix(1))).enumerated().map {
          ($0.offset == 0 ? "forwards: " : "") + Self.code($0.element)
        }
      }
      if observation.forwarded.isEmpty { lines.append("forwards nothing") }
    }
    return lines.joined(separator: "<br>")
  }

  private mutating func reference(_ example: ConformanceCase) -> String {
    switch example.reference {
    case .same(let source): return "the same<br>\(source)"
    case .none(let reason): return "— \(reason)"
    case .differs(let theirs, let source, let reason):
      var lines = [Self.head(theirs.status, theirs.allFields())]
      switch theirs.body {
      case .exactly(let text) where text.count > 40 && text == example.answer.body.text: lines.append("the same body")
      case .exactly(let text): lines += body(text)
      case .bytes(let bytes): lines.append(bytes.map { String($0, radix: 16) }.joined(separator: " "))
      case .begins(let text): lines.append(Self.code(text) + " …")
      case .gzip: lines.append("compressed")
      case .described(let text): lines.append(text)
      }
      lines += [source, "**differs**: \(reason)"]
      return lines.joined(separator: "<br>")
    }
  }

  private static func head(_ status: Int, _ fields: [ConformanceCase.Field]) -> String {
    // What nearly all have is told once, above.
    let shown = fields.filter { $0.name != "Cache-Control" || $0.value != "no-cache, private" }.sorted {
      $0.name < $1.name
    }
    return (["`\(status)`"] + shown.map { code("\($0.name): \($0.value)") }).joined(separator: " ")
  }

  private mutating func body(_ text: String) -> [String] {
    if text.isEmpty { return ["no body"] }
    let shown = text.replacingOccurrences(of: "\n", with: "⏎")
    if text.count <= Self.inlineLength, !text.dropLast().contains("\n") { return [Self.code(shown)] }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var note = lines.dropLast().map { "\($0)⏎" }.joined(separator: "\n")
    if let last = lines.last, !last.isEmpty { note += note.isEmpty ? last : "\n\(last)" }
    if note.count > Self.shownLength { note = note.prefix(Self.shownLength) + "\n… \(text.utf8.count) bytes in all" }
    if let index = notes.firstIndex(of: note) { return ["body [\(index + 1)]"] }
    notes.append(note)
    return ["body [\(notes.count)]"]
  }

  private static func shortened(_ text: String) -> String {
    text.count <= 200 ? text : "\(text.prefix(80))… (\(text.utf8.count) bytes)"
  }

  /// A code span within a table.
  private static func code(_ text: String) -> String {
    let shown = text.replacingOccurrences(of: "\n", with: "⏎").replacingOccurrences(of: "|", with: "\\|")
    return shown.contains("`") ? "`` \(shown) ``" : "`\(shown)`"
  }
}

extension ConformanceCase.Body {
  fileprivate var text: String? { if case .exactly(let text) = self { text } else { nil } }
}

extension ConformanceCase.Caller {
  /// Nil for the usual one.
  fileprivate var text: String? {
    switch self {
    case .jane: nil
    case .anonymous: "who is unknown"
    case .token(let token): "token `\(token)`"
    case .user(let subject): "user certificate `\(subject)`"
    case .frontProxy(let name): "front proxy's certificate `/CN=\(name)`"
    case .stranger(let token): "certificate that nobody knows" + (token.map { ", token `\($0)`" } ?? "")
    }
  }
}

extension RouterState {
  /// Nil for the usual one.
  fileprivate var text: String? {
    switch self {
    case .routed: nil
    case .noTable: "no routing table yet"
    case .apiServerDown: "the API server is down"
    case .denied(let reason): "may do nothing" + (reason.isEmpty ? "" : ": \(reason)")
    case .backend(let script): "the source answers \(script.text)"
    case .speaks(let version, let script): "the source speaks \(version) alone, and answers \(script.text)"
    case .says(let bytes):
      "the source answers `"
        + bytes.replacingOccurrences(of: "\r\n", with: "␍⏎").replacingOccurrences(of: "\n", with: "⏎") + "`"
    case .unreachable: "nobody listens at the source's address"
    case .slow: "the source takes longer than its time-out"
    case .full: "as many requests are under way as may be"
    }
  }
}

extension BackendResponder.Script {
  fileprivate var text: String {
    let fields = fields.map { " `\($0.name): \($0.value)`" }.joined()
    let short = body.count > 300 ? "\(body.utf8.count) bytes" : "`\(body.replacingOccurrences(of: "\n", with: "⏎"))`"
    return "`\(status)` `\(contentType)`\(fields) \(short)"
  }
}
