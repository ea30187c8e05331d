import Foundation
import Kubernetes

/// An answer as it came over the wire, and what it made the router ask of others.
struct Observation {
  var status: Int
  var fields: [ConformanceCase.Field]
  var body: [UInt8]
  var asked: [String] = []
  var forwarded: [String] = []

  init(_ response: CurlResponse) {
    status = response.status
    fields = response.head.headers.map { .init($0.name, $0.value) }
    body = response.body
  }

  /// Nil for bytes that are no answer of HTTP/1.1. The body is what follows the head.
  init?(http1 bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    guard lines[0].hasPrefix("HTTP/1.1 "), let status = Int(lines[0].dropFirst(9).prefix(3)) else { return nil }
    self.status = status
    fields = lines.dropFirst().map { line in
      let parts = line.components(separatedBy: ": ")
      return .init(parts[0], parts.dropFirst().joined(separator: ": "))
    }
    body = Array(text[end.upperBound...].utf8)
  }

  func first(_ name: String) -> String? { fields.first { $0.name.lowercased() == name.lowercased() }?.value }

  /// A SubjectAccessReview as text: whom it is about, then its attributes.
  static func text(_ review: SubjectAccessReview.Spec) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let attributes =
      if let resource = review.resourceAttributes { try? encoder.encode(resource) } else {
        try? encoder.encode(review.nonResourceAttributes)
      }
    let groups = (review.groups ?? []).joined(separator: ", ")
    let extra = (review.extra ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value.joined(separator: ","))" }
    let text = String(decoding: attributes ?? Data(), as: UTF8.self)
    // What is not there is sent as nothing: the same to the API server.
    let shown = text.replacing(/"[a-z]+":"",?/, with: "").replacing(",}", with: "}")
    return "\(review.user) [\(groups)]\(extra.joined()): \(shown)"
  }
}

extension String {
  /// With each digest in hexadecimal digits, of SHA-256 or SHA-512, as `<hash>`.
  var withoutHashes: String { replacing(/\b([0-9a-fA-F]{128}|[0-9a-fA-F]{64})\b/, with: "<hash>") }
}
