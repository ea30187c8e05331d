import Foundation
import Testing

@testable import YAML

/// What the manifests in `deploy` let the router do, and let its pod be.
@Suite struct PermissionTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let metricsGroups: Set = ["custom.metrics.k8s.io", "external.metrics.k8s.io"]

  private static func documents(_ path: String) throws -> [YAMLValue] {
    try YAML.documents(Array(Data(contentsOf: root.appending(path: path))))
  }

  /// `deploy/all-in-one.yaml`, and what overlays and components add to it.
  private static func manifests() throws -> [String] {
    let deploy = root.appending(path: "deploy/kustomize")
    let files = try FileManager.default.subpathsOfDirectory(atPath: deploy.path()).sorted()
    return ["deploy/all-in-one.yaml"]
      + files.filter { $0.hasSuffix(".yaml") && !$0.hasPrefix("base/") }.map { "deploy/kustomize/\($0)" }
  }

  private struct Rule {
    var role: String
    var verb: String
    var group: String
    var resource: String
    var names: [String]

    var line: String {
      let resource = group.isEmpty ? resource : "\(resource).\(group)"
      return "\(role): \(verb) \(resource)\(names.isEmpty ? "" : " named \(names.joined(separator: ", "))")"
    }
  }

  private static func kind(_ object: YAMLValue) -> String { object["kind"]?.text ?? "" }

  private static func name(_ object: YAMLValue) -> String {
    let name = object["metadata"]?["name"]?.text ?? ""
    return (object["metadata"]?["namespace"]?.text).map { "\($0)/\(name)" } ?? name
  }

  private static func rules(_ path: String) throws -> [Rule] {
    try documents(path).filter { ["ClusterRole", "Role"].contains(kind($0)) }.flatMap { role in
      (role["rules"]?.items ?? []).flatMap { rule in
        (rule["verbs"]?.texts ?? []).flatMap { verb in
          (rule["apiGroups"]?.texts ?? []).flatMap { group in
            (rule["resources"]?.texts ?? []).map { resource in
              Rule(
                role: "\(kind(role)) \(name(role))", verb: verb, group: group, resource: resource,
                names: rule["resourceNames"]?.texts ?? [])
            }
          }
        }
      }
    }
  }

  /// One line for each thing that somebody may do, and for each who is bound to a role.
  private static func permissions() throws -> String {
    var text = ""
    for path in try manifests() {
      var lines = try rules(path).map(\.line)
      for binding in try documents(path) where kind(binding).hasSuffix("Binding") {
        let subjects = (binding["subjects"]?.items ?? []).map { subject in
          "\(subject["kind"]?.text ?? "") \(subject["namespace"]?.text ?? "")/\(subject["name"]?.text ?? "")"
        }
        lines.append(
          "\(kind(binding)) \(name(binding)): \(binding["roleRef"]?["kind"]?.text ?? "")"
            + " \(binding["roleRef"]?["name"]?.text ?? "") to \(subjects.joined(separator: ", "))")
      }
      if !lines.isEmpty { text += "# \(path)\n\(lines.sorted().joined(separator: "\n"))\n\n" }
    }
    return text
  }

  /// With `UPDATE_DOCS=1` in the environment the list is written anew; what it gains is to be looked at.
  @Test func `the permissions that are asked for are those in the list`() throws {
    let list = Self.root.appending(path: "Tests/Fixtures/Permissions/permissions.txt")
    let expected = try Self.permissions()
    if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
      try expected.write(to: list, atomically: true, encoding: .utf8)
    }
    let written = try String(contentsOf: list, encoding: .utf8)
    #expect(written == expected, "Tests/Fixtures/Permissions/permissions.txt is out of date: UPDATE_DOCS=1")
  }

  /// What may be written at all.
  private static let writable: Set = [
    "events create", "events patch", "metricssources/status patch", "metricssources/status update", "leases create",
    "leases patch", "leases update", "secrets patch", "apiservices patch",
    "serviceaccounts/token create",
  ]

  /// What may be read and written by its name alone.
  private static let named = [
    "secrets": ["metrics-router-serving-certificate"],
    "apiservices": [
      "v1beta1.custom.metrics.k8s.io", "v1beta2.custom.metrics.k8s.io", "v1beta1.external.metrics.k8s.io",
    ],
  ]
  /// What people may, of whom the manifests bind nobody.
  private static let people: Set = ["ClusterRole metrics-router-view", "ClusterRole metrics-router-edit"]
  /// The one token that may be made.
  private static let token =
    "Role metrics-router/metrics-router-backend-token: create serviceaccounts/token named metrics-router"

  @Test func `no permission is wider than what it is for`() throws {
    var count = 0
    for path in try Self.manifests() {
      for rule in try Self.rules(path) {
        count += 1
        #expect(rule.verb != "*", "\(rule.line)")
        #expect(rule.group != "*", "\(rule.line)")
        #expect(rule.resource != "*" || Self.metricsGroups.contains(rule.group), "\(rule.line)")
        #expect(!rule.resource.hasPrefix("*/"), "\(rule.line)")
        let isReading = ["get", "list", "watch"].contains(rule.verb)
        if Self.people.contains(rule.role) {
          #expect(rule.resource == "metricssources", "\(rule.line)")
          continue
        }
        #expect(isReading || Self.writable.contains("\(rule.resource) \(rule.verb)"), "\(rule.line)")
        if let names = Self.named[rule.resource] {
          #expect(rule.names == names, "\(rule.line)")
          #expect(["get", "patch"].contains(rule.verb), "\(rule.line)")
          #expect(rule.resource != "secrets" || rule.role.hasPrefix("Role metrics-router/"), "\(rule.line)")
        }
        for secret in ["pods", "configmaps", "serviceaccounts", "tokenreviews", "roles", "clusterroles"] {
          #expect(
            rule.resource.split(separator: "/").first.map(String.init) != secret || rule.line == Self.token,
            "\(rule.line)")
        }
        #expect(rule.resource != "services" || rule.verb == "get", "\(rule.line)")
      }
      for role in try Self.documents(path) where ["ClusterRole", "Role"].contains(Self.kind(role)) {
        for rule in role["rules"]?.items ?? [] { #expect(rule["nonResourceURLs"] == nil, "\(Self.name(role))") }
        #expect(role["aggregationRule"] == nil)
      }
    }
    #expect(count > 10)
  }

  /// Roles of Kubernetes' own that it is bound to: to review tokens and access, and to read one ConfigMap.
  @Test func `of the roles that Kubernetes brings, two are used`() throws {
    var own: Set<String> = []
    var bound: Set<String> = []
    for path in try Self.manifests() {
      for object in try Self.documents(path) {
        if ["ClusterRole", "Role"].contains(Self.kind(object)) { own.insert(object["metadata"]?["name"]?.text ?? "") }
        if Self.kind(object).hasSuffix("Binding") { bound.insert(object["roleRef"]?["name"]?.text ?? "") }
      }
    }
    #expect(bound.subtracting(own) == ["system:auth-delegator", "extension-apiserver-authentication-reader"])
  }

  // MARK: The accounts

  /// The roles that are bound to a ServiceAccount of the router's namespace.
  private static func roles(of account: String) throws -> Set<String> {
    var roles: Set<String> = []
    for path in try manifests() {
      for binding in try documents(path) where kind(binding).hasSuffix("Binding") {
        let isBound = (binding["subjects"]?.items ?? []).contains {
          $0["name"]?.text == account && $0["namespace"]?.text == "metrics-router"
        }
        if isBound { roles.insert(binding["roleRef"]?["name"]?.text ?? "") }
      }
    }
    return roles
  }

  @Test func `the account that adapters see may read metrics and nothing else, and no pod runs as it`() throws {
    #expect(try Self.roles(of: "metrics-router") == ["metrics-router-backend-reader"])
    for deployment in try Self.documents("deploy/all-in-one.yaml") where Self.kind(deployment) == "Deployment" {
      let pod = deployment["spec"]?["template"]?["spec"]
      #expect(pod?["serviceAccountName"]?.text == "metrics-router-controller-manager")
      for container in pod?["containers"]?.items ?? [] {
        let shown = (container["env"]?.items ?? []).first {
          $0["name"]?.text == "METRICS_ROUTER_BACKEND_SERVICE_ACCOUNT"
        }
        #expect(shown?["value"]?.text == "metrics-router")
      }
    }
  }

  @Test func `the pod's account may not read metrics, and no pod gets a token unasked`() throws {
    let roles = try Self.roles(of: "metrics-router-controller-manager")
    #expect(roles.contains("metrics-router-controller"))
    #expect(!roles.contains("metrics-router-backend-reader"))
    let accounts = try Self.documents("deploy/all-in-one.yaml").filter { Self.kind($0) == "ServiceAccount" }
    #expect(accounts.count == 2)
    for account in accounts { #expect(account["automountServiceAccountToken"] == .bool(false)) }
  }

  /// Each row of a table names a role, and what it allows: all that it does, and no more.
  @Test func `docs/access.md says of each role what it allows`() throws {
    let page = try String(contentsOf: Self.root.appending(path: "docs/access.md"), encoding: .utf8)
    var written: Set<String> = []
    for row in page.split(separator: "\n") where row.hasPrefix("| `") {
      let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 4, cells[3].hasPrefix("`") else { continue }
      let role = cells[3].replacing("`", with: "")
      let words = cells[0].replacing("`", with: "").components(separatedBy: " ")
      for verb in words[0].split(separator: ",") {
        written.insert("\(role): \(verb) \(words.dropFirst().joined(separator: " "))")
      }
    }
    var actual: Set<String> = []
    for path in try Self.manifests() { actual.formUnion(try Self.rules(path).map(\.line)) }
    #expect(written.subtracting(actual).sorted() == [])
    #expect(actual.subtracting(written).sorted() == [])
  }

  // MARK: The pod

  @Test func `the pod runs as nobody, from a file system that is not its own to change`() throws {
    let deployments = try Self.documents("deploy/all-in-one.yaml").filter { Self.kind($0) == "Deployment" }
    #expect(deployments.count == 1)
    for deployment in deployments {
      let pod = try #require(deployment["spec"]?["template"]?["spec"])
      #expect(pod["securityContext"]?["runAsNonRoot"] == .bool(true))
      guard case .int(let user)? = pod["securityContext"]?["runAsUser"] else {
        Issue.record("no runAsUser")
        return
      }
      #expect(user > 0)
      #expect(pod["securityContext"]?["seccompProfile"]?["type"]?.text == "RuntimeDefault")
      for host in ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"] { #expect(pod[host] == nil) }
      for volume in pod["volumes"]?.items ?? [] { #expect(volume["hostPath"] == nil) }
      let containers = (pod["containers"]?.items ?? []) + (pod["initContainers"]?.items ?? [])
      #expect(containers.compactMap { $0["name"]?.text } == ["controller", "server"])
      for container in containers {
        let context = container["securityContext"]
        #expect(context?["allowPrivilegeEscalation"] == .bool(false))
        #expect(context?["readOnlyRootFilesystem"] == .bool(true))
        #expect(context?["capabilities"]?["drop"]?.texts == ["ALL"])
        for widening in ["privileged", "runAsUser", "runAsNonRoot", "seccompProfile", "procMount"] {
          #expect(context?[widening] == nil)
        }
        #expect(context?["capabilities"]?["add"] == nil)
        #expect(container["resources"]?["limits"]?["memory"] != nil)
        for port in container["ports"]?.items ?? [] { #expect(port["hostPort"] == nil) }
      }
    }
  }

  @Test func `the server can only read the table that the controller writes`() throws {
    let deployment = try #require(
      Self.documents("deploy/all-in-one.yaml").first { Self.kind($0) == "Deployment" })
    let containers = deployment["spec"]?["template"]?["spec"]?["containers"]?.items ?? []
    let mounts = containers.map { ($0["name"]?.text, $0["volumeMounts"]?.items ?? []) }
    for (name, mounts) in mounts {
      let table = mounts.first { $0["name"]?.text == "snapshot" }
      #expect(table?["readOnly"] == (name == "server" ? .bool(true) : nil))
      #expect(
        mounts.compactMap { $0["name"]?.text }
          == (name == "server" ? ["snapshot", "serving-certificate"] : ["snapshot"]))
    }
  }

  @Test func `the server alone sees the serving certificate, and not the authority's key`() throws {
    let pod = try #require(
      Self.documents("deploy/all-in-one.yaml").first { Self.kind($0) == "Deployment" }?["spec"]?["template"]?["spec"])
    let volume = (pod["volumes"]?.items ?? []).first { $0["name"]?.text == "serving-certificate" }
    #expect(volume?["secret"]?["items"]?.items.compactMap { $0["key"]?.text } == ["tls.crt", "tls.key"])
    #expect(volume?["secret"]?["defaultMode"] == .int(0o440))
    let server = pod["containers"]?.items.last
    let mount = server?["volumeMounts"]?.items.first { $0["name"]?.text == "serving-certificate" }
    #expect(mount?["readOnly"] == .bool(true))
    let folder = mount?["mountPath"]?.text ?? ""
    #expect(server?["args"]?.texts.contains("--tls-cert-file=\(folder)/tls.crt") == true)
    #expect(server?["args"]?.texts.contains("--tls-private-key-file=\(folder)/tls.key") == true)
  }

  @Test func `no APIService and no Secret comes with what the controller fills in`() throws {
    for path in try Self.manifests() {
      for object in try Self.documents(path) {
        if Self.kind(object) == "APIService" {
          #expect(object["spec"]?["insecureSkipTLSVerify"] == nil, "\(path)")
          #expect(object["spec"]?["caBundle"] == nil, "\(path)")
        }
        if Self.kind(object) == "Secret" { #expect(object["data"] == nil && object["stringData"] == nil, "\(path)") }
      }
    }
  }

  @Test func `nothing that is added to the manifests loosens the pod`() throws {
    for path in try Self.manifests().dropFirst() {
      let text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
      for field in ["securityContext", "hostNetwork", "hostPath", "hostPID", "privileged"] {
        #expect(!text.contains(field), "\(path)")
      }
    }
  }
}

extension YAMLValue {
  fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
  fileprivate var items: [YAMLValue] { if case .sequence(let items) = self { items } else { [] } }
  fileprivate var texts: [String] { items.compactMap(\.text) }
}
