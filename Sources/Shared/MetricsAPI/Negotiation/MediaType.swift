/// A form in which a Kubernetes API server writes its objects.
package enum MediaType: UInt8, CaseIterable, Hashable, Sendable {
  case json
  case yaml
  case protobuf

  /// As `Accept` and `Content-Type` name it.
  package var name: String {
    switch self {
    case .json: "application/json"
    case .yaml: "application/yaml"
    case .protobuf: "application/vnd.kubernetes.protobuf"
    }
  }

  /// What stands behind `application/`.
  var subtype: StaticString {
    switch self {
    case .json: "json"
    case .yaml: "yaml"
    case .protobuf: "vnd.kubernetes.protobuf"
    }
  }
}

/// The media types that an answer can be had in. In the order of ``MediaType``, as API servers offer them.
package struct MediaTypes: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let json = MediaTypes(.json)
  package static let yaml = MediaTypes(.yaml)
  package static let protobuf = MediaTypes(.protobuf)
  /// What API servers offer for their objects.
  /// What is written here; protobuf is only passed on.
  package static let written: MediaTypes = [.json, .yaml]
  static let binaryOrJSON: MediaTypes = [.protobuf, .json]
  package static let all: MediaTypes = [.json, .yaml, .protobuf]

  private init(_ type: MediaType) { rawValue = 1 << type.rawValue }

  package func contains(_ type: MediaType) -> Bool { contains(MediaTypes(type)) }

  /// The message of the 406 to a caller who accepts none of these: `errNotAcceptable` of
  /// `pkg/endpoints/handlers/negotiation/errors.go` in k8s.io/apiserver.
  package var notAcceptableMessage: String {
    let names = MediaType.allCases.filter { contains($0) }.map(\.name)
    return "only the following media types are accepted: \(names.joined(separator: ", "))"
  }
}
