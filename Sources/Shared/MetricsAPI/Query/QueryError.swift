/// Why a query is refused with 400. Nothing is left out silently: a lost selector would choose too much.
package enum QueryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A pair that cannot be decoded: a broken escape, a `;`, or bytes that are no UTF-8.
  case malformed(pair: String)
  /// A selector that Kubernetes' grammar does not allow.
  case selector(parameter: String, text: String, error: SelectorError)
  /// A selector that names no single source to ask.
  case pin(requirement: String)

  package var description: String {
    switch self {
    case .malformed(let pair): "the query has a parameter that cannot be decoded: \"\(pair)\""
    case .pin(let requirement):
      "\(requirement): name one MetricsSource to ask, by \(SourcePin.key)=NAME"
    case .selector("labelSelector", _, let error): error.message
    case .selector(_, let text, let error): "couldn't parse the selector string \"\(text)\": \(error.message)"
    }
  }
}
