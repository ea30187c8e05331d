import HTTP
import MetricsAPI
import YAML

extension Document {
  /// How a document is wanted.
  struct Form: Equatable {
    var type = MediaType.json
    var isPretty = false
    /// Of what never changes under its address: it may be kept without asking again.
    var isImmutable = false
  }

  /// The answer that sends the document: 304 to who has it already, in gzip to who takes it, else as it is.
  func response(to request: RequestHead, _ form: Form = Form()) -> Response {
    switch form.type {
    case .yaml: return converted(MediaType.yaml.name) { try YAML.text(json: $0) }
    case .json where form.isPretty && body.count <= Self.maximumConvertedBytes:
      return converted(contentType) { try PrettyJSON.indent($0) }
    case .json, .protobuf: break
    }
    var response = Response(status: 200, contentType: contentType, body: body)
    response.sharesBody = true
    response.fields = [("Vary", gzipped == nil ? "Accept" : "Accept, Accept-Encoding")]
    if let etag { response.fields.append(("ETag", etag)) }
    if form.isImmutable { response.cacheControl = "public, max-age=31536000, immutable" }
    if let etag, EntityTag.matches(request.headers.first("if-none-match"), etag) {
      response.status = 304
      response.contentType = nil
      response.body = []
    } else if let gzipped, ContentCoding.acceptsGzip(request.headers.first("accept-encoding")) {
      response.body = gzipped
      response.fields.append(("Content-Encoding", "gzip"))
    }
    return response
  }

  /// Written anew: without an entity tag, which stands for the body alone.
  private func converted(_ contentType: String, by convert: ([UInt8]) throws -> [UInt8]) -> Response {
    do {
      return Response(status: 200, contentType: contentType, body: try convert(body), fields: [("Vary", "Accept")])
    } catch {
      return StatusResponse.internalError("the document cannot be written as \(contentType): \(error)")
    }
  }
}

/// What becomes of a request for a document.
enum DocumentChoice {
  case found(Document, Document.Form)
  /// The document can be had in these types alone.
  case notAcceptable(MediaTypes)

  func response(to request: RequestHead) -> Response {
    switch self {
    case .found(let document, let form): document.response(to: request, form)
    case .notAcceptable(let types): StatusResponse.notAcceptable(types)
    }
  }
}
