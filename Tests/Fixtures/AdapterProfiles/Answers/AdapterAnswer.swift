/// What an adapter says: a code and a body.
package struct AdapterAnswer: Sendable, Equatable {
  package var status: Int
  package var contentType = "application/json"
  package var body: String

  /// As the API machinery writes an object: a line.
  static func json(_ body: String, status: Int = 200) -> AdapterAnswer {
    AdapterAnswer(status: status, body: body + "\n")
  }

  /// A `Status`. An empty reason is left out, as that of an error which is none of the API machinery's.
  /// `details` is JSON.
  static func failure(_ status: Int, _ reason: String, _ message: String, details: String? = nil) -> AdapterAnswer {
    let parts = [
      #""kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure""#, #""message":\#(message.quoted)"#,
      reason.isEmpty ? nil : #""reason":"\#(reason)""#, details.map { #""details":\#($0)"# }, #""code":\#(status)"#,
    ]
    return json("{" + parts.compactMap { $0 }.joined(separator: ",") + "}", status: status)
  }

  /// An error of Go's that is no `APIStatus`: code 500 and its text alone (`responsewriters.ErrorToAPIStatus`).
  static func plainError(_ message: String) -> AdapterAnswer { failure(500, "", message) }

  /// `errors.NewInternalError`.
  static func internalError(_ message: String) -> AdapterAnswer {
    failure(
      500, "InternalError", "Internal error occurred: " + message,
      details: #"{"causes":[{"message":\#(message.quoted)}]}"#)
  }

  /// `errors.NewBadRequest`.
  static func badRequest(_ message: String) -> AdapterAnswer { failure(400, "BadRequest", message) }

  static func notFound(_ message: String) -> AdapterAnswer { failure(404, "NotFound", message) }

  /// `provider.NewMetricNotFoundError`.
  static func metricNotFound(_ metric: String, for resource: String) -> AdapterAnswer {
    notFound("the server could not find the metric \(metric) for \(resource)")
  }

  /// `provider.NewMetricNotFoundForError`.
  static func metricNotFound(_ object: AdapterRequest.Object) -> AdapterAnswer {
    notFound("the server could not find the metric \(object.metric) for \(object.resource) \(object.name)")
  }

  /// A path that an installed group does not have.
  static let noSuchResource = failure(
    404, "NotFound", "the server could not find the requested resource", details: "{}")

  /// A path that nothing was installed for.
  static let noSuchPage = AdapterAnswer(
    status: 404, contentType: "text/plain; charset=utf-8", body: "404 page not found\n")
}

extension String {
  /// As a JSON string of Go's `encoding/json`, which escapes what HTML could take for markup.
  var quoted: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += #"\""#
      case "\\": text += #"\\"#
      case "<", ">", "&", "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        text += #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
