import Foundation

/// The messages in `Tests/Fixtures/Smuggling` that two readers could understand differently, with what becomes of each.
enum SmugglingCase {
  private struct Request: Decodable {
    var name: String
    var sent: String
    var status: Int
  }

  private struct Answer: Decodable {
    var name: String
    var sent: String
    /// The message of the error.
    var refused: String
  }

  /// Name, bytes, and the status that the caller gets.
  static let requests = read(Request.self, "requests").map { ($0.name, $0.sent, $0.status) }
  /// Name, bytes, and why they are no answer.
  static let answers = read(Answer.self, "answers").map { ($0.name, $0.sent, $0.refused) }

  /// None where the file cannot be read, which a test notices.
  private static func read<Case: Decodable>(_ type: Case.Type, _ name: String) -> [Case] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/Smuggling")
    let data = (try? Data(contentsOf: folder.appending(path: "\(name).json"))) ?? Data()
    return (try? JSONDecoder().decode([Case].self, from: data)) ?? []
  }
}
