/// Answers one path with a document that is made anew for each request: how a process shows its metrics by plain HTTP.
package final class DocumentResponder: Responder {
  private let path: String
  private let contentType: String
  private let render: @Sendable () -> [UInt8]

  /// `path` begins with `/`.
  package init(path: String, contentType: String, render: @escaping @Sendable () -> [UInt8]) {
    self.path = path
    self.contentType = contentType
    self.render = render
  }

  package func respond(to request: RequestHead, on connection: ConnectionContext) async -> Response {
    guard request.path.elementsEqual(path.utf8) else { return .text(404, "not found; try \(path)\n") }
    guard request.method == .get || request.method == .head else { return .text(405, "method not allowed\n") }
    return Response(status: 200, contentType: contentType, body: render())
  }
}
