import Foundation
import Kubernetes
import MetricsAPI
import Synchronization
import TLS
import YAML

@testable import metrics_router_controller

/// As much of an API server as the keeper of the certificate needs: one Secret, the APIServices, versions, and patches.
final class CertificateCluster: APIClient {
  static let secretPath = "/api/v1/namespaces/metrics-router/secrets/certificate"

  struct State {
    var objects: [String: YAMLValue] = [:]
    var version = 1
    /// What was written, in order: `Secret`, or the name of an APIService.
    var writes: [String] = []
    /// Codes that requests are refused with, by method and path.
    var refusals: [String: Int] = [:]
    /// What they are to wait for.
    var retryAfterSeconds: Int?
    /// Requests that get no answer, by method and path.
    var unanswered: Set<String> = []
    /// How many have got none.
    var failures = 0
    /// Is called once before the next write of a path, as somebody else who writes meanwhile.
    var meanwhile: [String: YAMLValue] = [:]
  }

  private let state = Mutex(State())

  func change(_ body: (inout sending State) -> Void) { state.withLock { body(&$0) } }
  var writes: [String] { state.withLock { $0.writes } }
  func object(_ path: String) -> YAMLValue? { state.withLock { $0.objects[path] } }

  func put(_ path: String, _ json: String) throws {
    guard let object = try YAML.documents(Array(json.utf8)).first else { return }
    state.withLock { $0.objects[path] = Self.versioned(object, &$0) }
  }

  func putSecret(_ secret: ServingSecret? = nil) throws {
    var data: [String] = []
    for key in ServingSecret.Key.allCases {
      if let value = try secret?[key] { data.append(#""\#(key.rawValue)":"\#(Data(value).base64EncodedString())""#) }
    }
    try put(Self.secretPath, #"{"metadata":{"name":"certificate"},"data":{\#(data.joined(separator: ","))}}"#)
  }

  func put(_ version: MetricsGroupVersion, trusted: [Certificate]? = nil, skips: Bool? = nil, service: String? = nil)
    throws
  {
    let service = ObjectName(namespace: "metrics-router", name: service ?? "metrics-apiserver")
    let object: [String: Any] = [
      "metadata": ["name": version.apiServiceName],
      "spec": APIServiceFixture.spec(trusted: trusted, skips: skips, service: service),
    ]
    try put(
      version.apiServicePath, String(decoding: JSONSerialization.data(withJSONObject: object), as: UTF8.self))
  }

  /// What the Secret holds now.
  func secret() throws -> ServingSecret {
    let data = object(Self.secretPath)?["data"]
    return try ServingSecret { key in
      data?[key.rawValue]?.text.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
    }
  }

  func spec(_ version: MetricsGroupVersion) -> YAMLValue? { object(version.apiServicePath)?["spec"] }

  func trusted(_ version: MetricsGroupVersion) -> [Certificate]? {
    (try? object(version.apiServicePath)?.decode(APIService.self))?.spec.trusted
  }

  func open(_ request: APIRequest) async throws(TransportError) -> APIStream {
    throw TransportError(.unreachable, operation: request.operation, message: "not scripted")
  }

  func send(_ request: APIRequest) async throws(TransportError) -> APIResponse {
    let failures = state.withLock { state -> Int? in
      guard state.unanswered.contains(request.operation) else { return nil }
      state.failures += 1
      return state.failures
    }
    if let failures {
      // As libcurl words it, each time otherwise.
      throw TransportError(
        .unreachable, operation: request.operation,
        message: "Failed to connect to a port 443 after \(failures) ms: Could not connect to server")
    }
    return state.withLock { Self.answer(request, &$0) }
  }

  private static func answer(_ request: APIRequest, _ state: inout State) -> APIResponse {
    let path = request.path
    if let code = state.refusals[request.operation] {
      return refusal(code, "\(request.operation) is forbidden", retryAfterSeconds: state.retryAfterSeconds)
    }
    guard request.method != .get else {
      return state.objects[path].map { APIResponse(status: 200, body: $0.json()) } ?? refusal(404, "not found")
    }
    if let other = state.meanwhile.removeValue(forKey: path) { state.objects[path] = versioned(other, &state) }
    guard request.method == .patch, request.contentType == "application/merge-patch+json",
      let patch = request.body.flatMap({ try? YAML.documents($0).first }), let present = state.objects[path]
    else { return refusal(400, "not understood") }
    guard patch["metadata"]?["resourceVersion"] == present["metadata"]?["resourceVersion"] else {
      return refusal(409, "the object has been modified")
    }
    let changed = versioned(merged(present, patch), &state)
    // As the API server validates them.
    if case .bool(true)? = changed["spec"]?["insecureSkipTLSVerify"], changed["spec"]?["caBundle"] != nil {
      return refusal(422, "spec.insecureSkipTLSVerify: may not be true if caBundle is present")
    }
    state.objects[path] = changed
    state.writes.append(path == secretPath ? "Secret" : String(path.split(separator: "/").last ?? ""))
    return APIResponse(status: 200, body: changed.json())
  }

  private static func versioned(_ object: YAMLValue, _ state: inout State) -> YAMLValue {
    state.version += 1
    let metadata = (object["metadata"] ?? .object([])).setting("resourceVersion", to: .string("\(state.version)"))
    return object.setting("metadata", to: metadata)
  }

  /// RFC 7396, section 2.
  private static func merged(_ target: YAMLValue, _ patch: YAMLValue) -> YAMLValue {
    guard case .mapping(let changes) = patch else { return patch }
    var entries: [(String, YAMLValue)] = []
    if case .mapping(let present) = target { entries = present.entries.map { ($0.key, $0.value) } }
    for (key, value) in changes.entries.map({ ($0.key, $0.value) }) {
      let former = entries.first { $0.0 == key }?.1
      entries.removeAll { $0.0 == key }
      if value != .null { entries.append((key, merged(former ?? .object([]), value))) }
    }
    return .object(entries)
  }

  private static func refusal(_ code: Int, _ message: String, retryAfterSeconds: Int? = nil) -> APIResponse {
    APIResponse(
      status: code, retryAfterSeconds: retryAfterSeconds,
      body: Status(code: code, reason: "Refused", message: message).json())
  }
}
