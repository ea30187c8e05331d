import FoundationEssentials

/// What of an answered review counts: the rest is what was sent.
private struct AnsweredReview<Status: Decodable>: Decodable {
  var status: Status?
}

extension APIClient {
  /// Sends a review, which the server keeps nowhere, and returns the status that it has filled in.
  func create<Status: Decodable>(
    _ review: some Encodable, at path: String, timeout: Duration
  ) async throws(APIError) -> Status {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let body: [UInt8]
    do {
      body = Array(try encoder.encode(review))
    } catch {
      throw .undecodable(operation: "POST \(path)", message: "the body cannot be encoded: \(error)")
    }
    let request = APIRequest(.post, path, body: body, timeout: timeout)
    let answer: AnsweredReview<Status> = try await exchange(request)
    guard let status = answer.status else {
      throw .undecodable(operation: request.operation, message: "the answer has no status")
    }
    return status
  }
}
