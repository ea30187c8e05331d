import FoundationEssentials

extension Status {
  /// What a refusal says: its Status where it carries one, else one made from its code and the start of its text.
  package init(_ response: APIResponse, operation: String) {
    if var status = try? JSONDecoder().decode(Status.self, from: Data(response.body)), status.kind == "Status" {
      status.code = response.status
      if let seconds = response.retryAfterSeconds, status.details?.retryAfterSeconds == nil {
        status.details = status.details ?? Details()
        status.details?.retryAfterSeconds = seconds
      }
      self = status
      return
    }
    let text = String(decoding: response.body.prefix(256), as: UTF8.self)
    let shown = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
      .trimmedWhitespace
    self.init(
      code: response.status, reason: nil,
      message: "\(operation): the server answered \(response.status)" + (shown.isEmpty ? "" : ": \(shown)"),
      details: response.retryAfterSeconds.map { Details(retryAfterSeconds: $0) })
  }
}
