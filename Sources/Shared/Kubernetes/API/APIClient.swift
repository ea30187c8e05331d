/// One request to a Kubernetes API server, apart from where that server is and how one is known to it.
package struct APIRequest: Sendable, Equatable {
  package enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  /// A query parameter, not yet percent-encoded.
  package struct Parameter: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package var method: Method
  /// Absolute and percent-encoded, without a query: `/api/v1/namespaces/default/events`.
  package var path: String
  package var parameters: [Parameter]
  package var body: [UInt8]?
  /// Of `body`; `application/json` unless a patch says otherwise.
  package var contentType: String
  /// For the whole exchange; for a stream until its head has arrived.
  package var timeout: Duration

  package init(
    _ method: Method = .get, _ path: String, parameters: [Parameter] = [], body: [UInt8]? = nil,
    contentType: String = "application/json", timeout: Duration = .seconds(30)
  ) {
    self.method = method
    self.path = path
    self.parameters = parameters
    self.body = body
    self.contentType = contentType
    self.timeout = timeout
  }
}

/// A whole answer of an API server, whatever its code.
package struct APIResponse: Sendable, Equatable {
  package var status: Int
  /// The value of `Retry-After` in seconds, where the server sent one.
  package var retryAfterSeconds: Int?
  package var body: [UInt8]

  package init(status: Int, retryAfterSeconds: Int? = nil, body: [UInt8] = []) {
    self.status = status
    self.retryAfterSeconds = retryAfterSeconds
    self.body = body
  }
}

/// An answer whose body is still arriving, as that of a watch. Cancelling the task that reads it ends the exchange.
package struct APIStream: Sendable {
  package var status: Int
  package var retryAfterSeconds: Int?
  /// Pieces as they arrive, cut anywhere. Ends cleanly when the server ends the body, else throws ``TransportError``.
  package var body: AsyncThrowingStream<[UInt8], any Error>

  package init(status: Int, retryAfterSeconds: Int? = nil, body: AsyncThrowingStream<[UInt8], any Error>) {
    self.status = status
    self.retryAfterSeconds = retryAfterSeconds
    self.body = body
  }
}

/// Speaks to an API server. The product's is built on libcurl; tests script their own.
package protocol APIClient: Sendable {
  /// Returns the answer whatever its code; throws only where there is no whole answer.
  func send(_ request: APIRequest) async throws(TransportError) -> APIResponse
  /// Returns as soon as the head of the answer has arrived.
  func open(_ request: APIRequest) async throws(TransportError) -> APIStream
}

/// No whole HTTP answer could be had: the connection was refused, broke, or took too long.
package struct TransportError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Kind: Sendable, Equatable {
    case unreachable
    /// No address was one that may be dialled.
    case refused
    case tls
    case timeout
    case broken
    case cancelled
    /// The request could not even be made: a bad URL, an unreadable credential, a body above the bound.
    case local
  }

  package var kind: Kind
  /// What was tried, without credentials: `GET https://10.0.0.1:443/api/v1/pods`.
  package var operation: String
  /// The cause in the library's words.
  package var message: String

  package init(_ kind: Kind, operation: String, message: String) {
    self.kind = kind
    self.operation = operation
    self.message = message
  }

  package var description: String { "\(operation): \(message)" }
}
