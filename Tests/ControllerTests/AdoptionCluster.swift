import Foundation
import Kubernetes
import MetricsAPI
import Synchronization
import YAML

@testable import metrics_router_controller

/// As much of an API server as an adoption needs: objects by their paths, resource versions, an aggregator that finds
/// each new backend available or not, and a controller that syncs each new source or does not.
final class AdoptionCluster: APIClient {
  static let group = MetricsSource.defaultGroup
  static let sources = "/apis/\(group)/v1alpha1/metricssources"

  struct State {
    var objects: [String: YAMLValue] = [:]
    /// Those that an adoption or a rollback has sent, without reads: `PUT v1beta1.custom.metrics.k8s.io`.
    var writes: [String] = []
    /// Names of Services that answer for nothing.
    var deadServices: Set<String> = []
    /// What the status of a new source says; nil for none.
    var sourceStatus: String? = #"{"synced":true,"metricsCount":12,"observedGeneration":1}"#
    /// How many times a write is refused because somebody else has written meanwhile.
    var conflicts = 0
    var knowsSources = true
    /// Writes that are done once, and whose answer is lost.
    var lostAnswers: Set<String> = []
    var version: Int64 = 100
  }

  private let state: Mutex<State>

  /// Objects as a `List` holds them.
  init(_ list: String) throws {
    var state = State()
    for object in try YAML.documents(Array(list.utf8)).first?["items"]?.elements ?? [] {
      state.objects[Self.path(of: object)] = object
    }
    self.state = Mutex(state)
  }

  func change(_ body: (inout sending State) -> Void) { state.withLock { body(&$0) } }
  var writes: [String] { state.withLock { $0.writes } }
  func object(_ path: String) -> YAMLValue? { state.withLock { $0.objects[path] } }

  /// The Service behind an APIService: `namespace/name`; nil where there is no APIService.
  func owner(_ version: MetricsGroupVersion) -> String? {
    let service = object(version.apiServicePath)?["spec"]?["service"]
    return service.map { "\($0["namespace"]?.text ?? "")/\($0["name"]?.text ?? "")" }
  }

  private static func path(of object: YAMLValue) -> String {
    let name = object["metadata"]?["name"]?.text ?? ""
    let namespace = "namespaces/\(object["metadata"]?["namespace"]?.text ?? "")"
    switch object["kind"]?.text {
    case "APIService": return "\(APIService.path)/\(name)"
    case "Service": return "/api/v1/\(namespace)/services/\(name)"
    case "Secret": return "/api/v1/\(namespace)/secrets/\(name)"
    case "Deployment": return "/apis/apps/v1/\(namespace)/deployments/\(name)"
    default: return "\(sources)/\(name)"
    }
  }

  func open(_ request: APIRequest) async throws(TransportError) -> APIStream {
    throw TransportError(.unreachable, operation: request.operation, message: "not scripted")
  }

  func send(_ request: APIRequest) async throws(TransportError) -> APIResponse {
    state.withLock { state in
      request.method == .get ? Self.read(request, state) : Self.write(request, &state)
    }
  }

  private static func read(_ request: APIRequest, _ state: State) -> APIResponse {
    let path = request.path
    if path.hasPrefix(sources), !state.knowsSources { return refusal(404) }
    if MetricsGroupVersion.allCases.contains(where: { $0.path == path }) { return APIResponse(status: 200) }
    if let object = state.objects[path] { return APIResponse(status: 200, body: object.json()) }
    guard path == sources || path.hasSuffix("/deployments") else { return refusal(404) }
    let label = request.parameters.first { $0.name == "labelSelector" }?.value.split(separator: "=").first.map(
      String.init)
    let items = state.objects.keys.sorted().filter { $0.hasPrefix(path + "/") }.compactMap { state.objects[$0] }
      .filter { object in label.map { object["metadata"]?["labels"]?[$0] != nil } ?? true }
    return APIResponse(status: 200, body: YAMLValue.object([("items", .sequence(items))]).json())
  }

  private static func write(_ request: APIRequest, _ state: inout State) -> APIResponse {
    let document = request.body.flatMap { try? YAML.documents($0).first }
    let path = request.method == .post ? "\(request.path)/\(document?["metadata"]?["name"]?.text ?? "")" : request.path
    if state.conflicts > 0 {
      state.conflicts -= 1
      return refusal(409)
    }
    let present = state.objects[path]
    if request.method == .post, present != nil { return refusal(409) }
    if request.method == .put, document?["metadata"]?["resourceVersion"] != present?["metadata"]?["resourceVersion"] {
      return refusal(409)
    }
    let write = "\(request.method.rawValue) \(path.split(separator: "/").last ?? "")"
    state.writes.append(write)
    let isLost = state.lostAnswers.remove(write) != nil
    guard let document, request.method != .delete else {
      state.objects[path] = nil
      return APIResponse(status: 200, body: Array("{}".utf8))
    }
    state.version += 1
    var metadata = (document["metadata"] ?? .object([])).setting("resourceVersion", to: .string("\(state.version)"))
    if path.hasPrefix(sources) { metadata = metadata.setting("generation", to: .int(1)) }
    var stored = document.setting("metadata", to: metadata.setting("uid", to: .string("u\(state.version)")))
    if let status = status(of: document, state) { stored = stored.setting("status", to: status) }
    state.objects[path] = stored
    return isLost ? refusal(504) : APIResponse(status: 200, body: stored.json())
  }

  /// What the aggregator or the controller would say of an object that was just written.
  private static func status(of document: YAMLValue, _ state: State) -> YAMLValue? {
    var text = state.sourceStatus
    if document["kind"]?.text == "APIService" {
      let isDead = state.deadServices.contains(document["spec"]?["service"]?["name"]?.text ?? "")
      text =
        #"{"conditions":[{"type":"Available","status":""# + (isDead ? "False" : "True")
        + #"","reason":""# + (isDead ? "FailedDiscoveryCheck" : "Passed") + #"","message":"checked"}]}"#
    }
    return text.flatMap { try? YAML.documents(Array($0.utf8)).first }
  }

  private static func refusal(_ code: Int) -> APIResponse {
    APIResponse(status: code, body: Array(#"{"kind":"Status","message":"refused with \#(code)","code":\#(code)}"#.utf8))
  }
}

/// A cluster from a folder of Tests/Fixtures/Adoption, a place for the rollback file, and what the commands print.
struct AdoptionFixture {
  static let folder = URL(filePath: #filePath).appending(path: "../../Fixtures/Adoption").standardized

  static let secretPath = "/api/v1/namespaces/metrics-router/secrets/metrics-router-serving-certificate"

  let cluster: AdoptionCluster
  let folder: URL
  let lines = Printed()

  /// What was printed so far.
  final class Printed: Sendable {
    private let text = Mutex("")
    func add(_ more: String) { text.withLock { $0 += more } }
    var all: String { text.withLock { $0 } }
  }

  init(_ name: String) throws {
    cluster = try AdoptionCluster(
      String(contentsOf: Self.folder.appending(path: "\(name)/cluster.json"), encoding: .utf8))
    folder = try ControllerFixture.makeFolder()
    let secret = try YAML.documents(
      Array(
        #"{"kind":"Secret","metadata":{},"data":{"ca.crt":"\#(try Self.caBundle())","ca.key":"c2VjcmV0","tls.crt":""}}"#
          .utf8)
    ).first
    cluster.change { $0.objects[Self.secretPath] = secret }
  }

  var rollbackPath: String { folder.appending(path: "rollback.yaml").path() }

  /// The certificate of the router's authority, as it stands in a Secret and in a `caBundle`.
  static func caBundle() throws -> String {
    try Data(contentsOf: folder.appending(path: "router-ca.crt")).base64EncodedString()
  }

  func commands(_ change: (inout AdoptionOptions) -> Void = { _ in }) -> AdoptionCommands {
    let timing = AdoptionTiming(
      timeout: .milliseconds(300), settle: .milliseconds(20), patience: .milliseconds(60), grace: .milliseconds(30),
      pollInterval: .milliseconds(5))
    var options = AdoptionOptions(
      router: RouterAddress(),
      authority: .secret(ObjectName(namespace: "metrics-router", name: "metrics-router-serving-certificate")),
      rollbackFile: rollbackPath, isRollbackFileDefault: true, applies: true, timing: timing,
      mayOverwrite: false, allowsUnrouted: false, isForced: false, deletesSources: false)
    change(&options)
    let lines = lines
    return AdoptionCommands(options: options, group: AdoptionCluster.group, client: cluster) { lines.add($0) }
  }

  /// What stopped a command; nil where it went through.
  func failure(_ body: () async throws(AdoptionError) -> Void) async -> String? {
    do throws(AdoptionError) {
      try await body()
      return nil
    } catch {
      return error.description
    }
  }

  func end() { try? FileManager.default.removeItem(at: folder) }
}
