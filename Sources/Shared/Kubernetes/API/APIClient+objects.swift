import FoundationEssentials
package import YAML

extension APIClient {
  /// Reads one object or list. `timeout` is for the whole exchange.
  package func get<T: Decodable>(
    _ type: T.Type, _ path: String, parameters: [APIRequest.Parameter] = [], timeout: Duration = .seconds(30)
  ) async throws(APIError) -> T {
    try await exchange(APIRequest(.get, path, parameters: parameters, timeout: timeout))
  }

  /// Creates what `body` says; returns what the server made of it.
  package func post<T: Decodable>(
    _ type: T.Type, _ path: String, _ body: some Encodable, parameters: [APIRequest.Parameter] = [],
    timeout: Duration = .seconds(30)
  ) async throws(APIError) -> T {
    try await exchange(try request(.post, path, parameters, body, timeout: timeout))
  }

  /// Replaces the whole object. `.status` with code 409 where `metadata.resourceVersion` is not the latest.
  package func put<T: Decodable>(
    _ type: T.Type, _ path: String, _ body: some Encodable, parameters: [APIRequest.Parameter] = []
  ) async throws(APIError) -> T {
    try await exchange(try request(.put, path, parameters, body))
  }

  /// Changes the fields that `patch` holds (JSON merge patch, RFC 7396).
  package func patch<T: Decodable>(
    _ type: T.Type, _ path: String, _ patch: some Encodable, parameters: [APIRequest.Parameter] = [],
    timeout: Duration = .seconds(30)
  ) async throws(APIError) -> T {
    try await exchange(
      try request(
        .patch, path, parameters, patch, contentType: "application/merge-patch+json", timeout: timeout))
  }

  /// Reads one object as it lies there, with the fields that no type here knows.
  package func document(_ path: String) async throws(APIError) -> YAMLValue {
    try await document(APIRequest(.get, path))
  }

  /// Creates (POST to the collection) or replaces (PUT to the object) what `document` says, with all its fields; returns
  /// what the server made of it.
  package func write(
    _ method: APIRequest.Method, _ path: String, _ document: YAMLValue
  ) async throws(APIError) -> YAMLValue {
    try await self.document(APIRequest(method, path, body: document.json()))
  }

  private func document(_ request: APIRequest) async throws(APIError) -> YAMLValue {
    let response = try await accepted(request)
    do {
      // What is JSON is YAML.
      if let document = try YAML.documents(response.body).first { return document }
    } catch {
      throw .undecodable(operation: request.operation, message: "\(error)")
    }
    throw .undecodable(operation: request.operation, message: "the answer is empty")
  }

  /// Deletes one object.
  package func delete(_ path: String, parameters: [APIRequest.Parameter] = []) async throws(APIError) {
    _ = try await accepted(APIRequest(.delete, path, parameters: parameters))
  }

  /// Sends a request and reads the answer as `T`.
  package func exchange<T: Decodable>(_ request: APIRequest) async throws(APIError) -> T {
    let response = try await accepted(request)
    do {
      return try JSONDecoder().decode(T.self, from: Data(response.body))
    } catch {
      throw .undecodable(operation: request.operation, message: (error as? DecodingError)?.fieldAndCause ?? "\(error)")
    }
  }

  /// Sends a request; any code but 2xx becomes `APIError.status`.
  package func accepted(_ request: APIRequest) async throws(APIError) -> APIResponse {
    let response: APIResponse
    do {
      response = try await send(request)
    } catch {
      throw .transport(error)
    }
    guard (200..<300).contains(response.status) else { throw .status(Status(response, operation: request.operation)) }
    return response
  }

  private func request(
    _ method: APIRequest.Method, _ path: String, _ parameters: [APIRequest.Parameter], _ body: some Encodable,
    contentType: String = "application/json", timeout: Duration = .seconds(30)
  ) throws(APIError) -> APIRequest {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      let bytes = Array(try encoder.encode(body))
      return APIRequest(method, path, parameters: parameters, body: bytes, contentType: contentType, timeout: timeout)
    } catch {
      throw .undecodable(operation: "\(method.rawValue) \(path)", message: "the body cannot be encoded: \(error)")
    }
  }
}
