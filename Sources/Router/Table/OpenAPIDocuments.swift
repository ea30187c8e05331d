import HTTP
import MetricsAPI

/// The OpenAPI documents, which are the same for every table: made at the first request for one of them.
struct OpenAPIDocuments: Sendable {
  private let v2: Document
  private let v3: Document
  private let groupVersions: [MetricsGroupVersion: Document]

  static let all = OpenAPIDocuments(version: BuildVersion.version)

  private init(version: String) {
    let groupVersions = Dictionary(
      uniqueKeysWithValues: MetricsGroupVersion.allCases.map { groupVersion in
        (groupVersion, Document(OpenAPIDocument.openAPI(groupVersion, version: version)))
      })
    v2 = Document(OpenAPIDocument.swagger(version: version))
    v3 = Document(OpenAPIDocument.index { groupVersions[$0]?.hash ?? "" })
    self.groupVersions = groupVersions
  }

  /// The answer at `path`. As `HandleGroupVersion` of k8s.io/kube-openapi (`pkg/handler3`) has it, a document that is
  /// asked for by its hash may be kept for good, and another hash than it has leads to it.
  func response(_ path: OpenAPIPath, to request: RequestHead) -> Response {
    guard OpenAPIDocument.accepts(request.headers.first("accept")) else {
      return DocumentChoice.notAcceptable(.json).response(to: request)
    }
    switch path {
    case .v2: return v2.response(to: request)
    case .v3: return v3.response(to: request)
    case .v3GroupVersion(let version):
      guard let document = groupVersions[version] else { return StatusResponse.notFound() }
      guard let wanted = OpenAPIPath.hash(in: request.query), let hash = document.hash else {
        return document.response(to: request)
      }
      guard wanted.elementsEqual(hash.utf8) else {
        let location = OpenAPIDocument.location(version, hash: hash)
        return Response(status: 301, contentType: nil, body: [], fields: [("Location", location)])
      }
      return document.response(to: request, Document.Form(isImmutable: true))
    }
  }
}
