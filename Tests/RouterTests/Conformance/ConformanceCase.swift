/// Something that a caller may ask, what the router answers to it, and what genericapiserver does.
struct ConformanceCase: Sendable {
  enum Reference: Sendable {
    /// Byte for byte what the router answers.
    case same(String)
    case differs(Answer, String, because: String)
    /// There is nothing to compare with.
    case none(because: String)
  }

  /// In one line.
  let fact: String
  let request: Request
  var state = RouterState.routed
  let answer: Answer
  let reference: Reference
  /// Whom and what the API server is asked about, one SubjectAccessReview each: user, groups and attributes as JSON, its
  /// keys sorted. Nil where the case is not about it.
  var asked: [String]?
  /// The request that reaches the source: method, target and fields. Nil where the case is not about it.
  var forwarded: [String]?

  private init(_ fact: String, _ request: Request, _ answer: Answer, _ reference: Reference) {
    self.fact = fact
    self.request = request
    self.answer = answer
    self.reference = reference
  }

  /// Both answer the same. `source` is where upstream does so.
  static func same(_ fact: String, _ request: Request, _ answer: Answer, _ source: String) -> ConformanceCase {
    ConformanceCase(fact, request, answer, .same(source))
  }

  static func differs(
    _ fact: String, _ request: Request, _ answer: Answer, theirs: Answer, _ source: String, because: String
  ) -> ConformanceCase {
    ConformanceCase(fact, request, answer, .differs(theirs, source, because: because))
  }

  static func own(_ fact: String, _ request: Request, _ answer: Answer, because: String) -> ConformanceCase {
    ConformanceCase(fact, request, answer, .none(because: because))
  }

  func when(_ state: RouterState) -> ConformanceCase {
    var copy = self
    copy.state = state
    return copy
  }

  func asks(_ questions: String...) -> ConformanceCase {
    var copy = self
    copy.asked = questions
    return copy
  }

  func forwards(_ requests: String...) -> ConformanceCase {
    var copy = self
    copy.forwarded = requests
    return copy
  }
}

extension ConformanceCase {
  struct Request: Sendable {
    var method = "GET"
    /// Path and query, sent as they stand here.
    var target = ""
    var headers: [Field] = []
    var caller = Caller.jane
    /// All that is sent, where no client would send it: over HTTP/1.1 alone, on a connection of its own.
    var bytes: String?

    static func get(_ target: String, as caller: Caller = .jane, _ headers: Field...) -> Request {
      Request(target: target, headers: headers, caller: caller)
    }

    static func call(_ method: String, _ target: String, as caller: Caller = .jane, _ headers: Field...) -> Request {
      Request(method: method, target: target, headers: headers, caller: caller)
    }

    static func raw(_ bytes: String) -> Request { Request(bytes: bytes) }
  }

  enum Caller: Sendable {
    /// Shows a good token.
    case jane
    case anonymous
    case token(String)
    /// Shows a certificate of the users' authority with this subject.
    case user(String)
    /// Shows a certificate of the front proxies' authority with this name.
    case frontProxy(String)
    /// Shows a certificate that no authority of ours has signed, and perhaps a token beside it.
    case stranger(token: String?)
  }

  struct Field: Sendable, Equatable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }
}

/// What the world around a router is like when it is asked.
enum RouterState: Sendable {
  case routed
  case noTable
  case apiServerDown
  /// The API server allows nobody anything, for this reason.
  case denied(String)
  case backend(BackendResponder.Script)
  /// The source speaks one version of custom metrics.
  case speaks(String, BackendResponder.Script)
  /// The source is reached by plain HTTP/1.1 and answers these bytes, then closes the connection.
  case says(String)
  case unreachable
  /// The source takes longer than it may.
  case slow
  /// As many requests are under way as may be.
  case full
}

/// An area of the protocol, with its cases.
struct ConformanceSection: Sendable, CustomStringConvertible {
  let title: String
  let introduction: String
  let cases: [ConformanceCase]

  var description: String { title }

  static let all = [
    aggregation, openAPI, authentication, authorization, metrics, refusals, negotiation, sources, paths, health, limits,
    http,
  ]
}
