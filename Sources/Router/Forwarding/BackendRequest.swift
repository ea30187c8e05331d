import HTTP

/// The request that a backend gets. Nothing that identifies the caller is in it.
enum BackendRequest {
  /// `target` is path and query, as ``BackendTarget`` makes them; `authorization` is the router's own, already decided to be
  /// sent; `accept` is chosen here, not by the caller.
  static func make(
    _ target: String, authority: String, authorization: String?, accept: String, userAgent: String, requestID: String
  ) -> ClientRequest {
    var fields: [ClientRequest.Field] = []
    fields.reserveCapacity(4)
    fields.append(.init("accept", accept))
    fields.append(.init("user-agent", userAgent))
    fields.append(.init("audit-id", requestID, isIndexed: false))
    if let authorization { fields.append(.init("authorization", authorization)) }
    return ClientRequest(target: target, authority: authority, fields: fields)
  }
}
