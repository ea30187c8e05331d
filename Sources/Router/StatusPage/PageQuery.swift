import FoundationEssentials
import HTTP
import MetricsAPI

/// The parameters of a page, of which it must know each.
struct PageQuery {
  private let values: [String: String]

  init(_ request: RequestHead, of page: some StatusPage, names: Set<String>) throws(PageQueryError) {
    do throws(QueryError) {
      values = try QueryParameters.all(in: request.query)
    } catch {
      throw PageQueryError("\(error)")
    }
    if let unknown = values.keys.first(where: { !names.contains($0) }) {
      throw PageQueryError("there is no parameter \(unknown): \(page.path)\(page.summary)")
    }
  }

  /// Nil where it is missing or empty.
  subscript(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

  func number(_ name: String, in range: ClosedRange<Int>) throws(PageQueryError) -> Int? {
    guard let text = self[name] else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw PageQueryError("\(name) is a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func flag(_ name: String) throws(PageQueryError) -> Bool {
    guard let text = self[name] else { return false }
    guard text == "true" || text == "false" else { throw PageQueryError("\(name) is true or false") }
    return text == "true"
  }
}

/// What is wrong with the query of a page.
struct PageQueryError: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension Response {
  /// 200 with `value` as JSON, its fields sorted.
  static func json(_ value: some Encodable) -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return Response(status: 200, contentType: MediaType.json.name, body: Array(try encoder.encode(value)))
    } catch {
      return .text(500, "cannot be written as JSON: \(error)\n")
    }
  }
}
