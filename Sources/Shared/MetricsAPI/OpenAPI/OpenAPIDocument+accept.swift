extension OpenAPIDocument {
  /// Whether a caller takes an OpenAPI document in JSON, the one form there is, by the value of its first `Accept` field.
  ///
  /// Who asks for Google's protobuf form alone (`application/com.github.proto-openapi.spec.v2@v1.0+protobuf` and its
  /// later spellings) is answered too, and told by the `Content-Type` what it got; kube-aggregator has always asked for
  /// JSON. Everybody else is as in `pkg/handler` of k8s.io/kube-openapi.
  package static func accepts(_ accept: ArraySlice<UInt8>?) -> Bool {
    if AcceptedTypes.negotiate(accept, offered: .json) != nil { return true }
    return AcceptClause.parse(accept ?? []).contains {
      $0.matches(.json) || $0.isOfApplication(subtypePrefix: "com.github.proto-openapi.spec.")
    }
  }
}
