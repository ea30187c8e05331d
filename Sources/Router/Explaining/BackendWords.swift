import FoundationEssentials

/// What of a backend's answer is shown to people; no more of it is kept.
enum BackendWords: Equatable {
  /// Of a list, as the backend wrote them, at most ``maximumValues``; and how many there were.
  case values([String], count: Int)
  /// The message of a Status, or the beginning of whatever else it was. Not made harmless for a terminal.
  case message(String)

  static let maximumValues = 1000
  /// Of a message that is shown whole, in bytes.
  static let maximumMessage = 1024

  private struct Answer: Decodable {
    struct Item: Decodable {
      var value: String?
    }

    var items: [Item]?
    var message: String?
  }

  /// Of an answer with that HTTP status. Only that of 200 has values: what else looks like a list is none.
  init(status: Int, body: [UInt8]) {
    let answer = try? JSONDecoder().decode(Answer.self, from: Data(body))
    if status == 200, let items = answer?.items {
      self = .values(items.prefix(Self.maximumValues).map { $0.value ?? "?" }, count: items.count)
      return
    }
    let text = answer?.message ?? String(decoding: body.prefix(4 * Self.maximumMessage), as: UTF8.self)
    self = .message(String(decoding: text.utf8.prefix(4 * Self.maximumMessage), as: UTF8.self))
  }
}
