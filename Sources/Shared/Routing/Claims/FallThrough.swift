/// What came of asking a source that is no answer yet: whether the next candidate is asked after it, the source's
/// `fallThrough` says.
package enum FallThrough: String, Codable, Hashable, Sendable, CaseIterable {
  /// 404; and 400, which adapters for Azure and CloudWatch answer for a metric that they do not know.
  case notFound = "NotFound"
  /// 200, and a list without items.
  case empty = "Empty"
  /// 500, 501 and what is above 504, and an answer that cannot be used.
  case serverError = "ServerError"
  /// No answer; 429 and 502 to 504; 401 and 403, by which the router itself is turned away.
  case unavailable = "Unavailable"

  /// What a backend's status comes to; nil where it is an answer.
  package init?(status: Int) {
    switch status {
    case 400, 404: self = .notFound
    case 401, 403, 429, 502...504: self = .unavailable
    case 500...599: self = .serverError
    default: return nil
    }
  }
}

/// Several of them, as a source has them.
package struct FallThroughSet: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package init(_ outcomes: [FallThrough]) {
    self = outcomes.reduce(into: []) { $0.formUnion(Self($1)) }
  }

  private init(_ outcome: FallThrough) {
    switch outcome {
    case .notFound: self.init(rawValue: 1)
    case .empty: self.init(rawValue: 2)
    case .serverError: self.init(rawValue: 4)
    case .unavailable: self.init(rawValue: 8)
    }
  }

  package func contains(_ outcome: FallThrough) -> Bool { isSuperset(of: Self(outcome)) }

  /// In the order in which they are declared.
  package var outcomes: [FallThrough] { FallThrough.allCases.filter { contains($0) } }
}
