import Foundation
import Kubernetes
import Testing

struct LoadTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func kubeconfig(_ server: String, context: String? = "c", cluster: String = "k") -> String {
    (context.map { "current-context: \($0)\n" } ?? "") + """
      contexts: [{name: \(context ?? "other"), context: {cluster: \(cluster)}}]
      clusters: [{name: \(cluster), cluster: {server: "\(server)"}}]
      """
  }

  private func writePod(token: Bool = true) throws -> String {
    try folder.write("sa/ca.crt", "-----BEGIN CERTIFICATE-----\n")
    try folder.write("sa/namespace", "metrics-router")
    if token { try folder.write("sa/token", "pod-token\n") }
    return folder.path + "/sa"
  }

  @Test("The flag wins over KUBECONFIG, that over the pod, that over the home")
  func order() throws {
    let flag = try folder.write("flag", kubeconfig("https://flag"))
    let listed = try folder.write("listed", kubeconfig("https://listed"))
    try folder.write(".kube/config", kubeconfig("https://home"))
    let pod = try writePod()
    var environment = [
      "KUBECONFIG": listed, "HOME": folder.path, "KUBERNETES_SERVICE_HOST": "10.0.0.1",
      "KUBERNETES_SERVICE_PORT": "443",
    ]
    let server = { (flag: String?) in
      try ClusterConfiguration.load(kubeconfigFlag: flag, environment: environment, serviceAccountFolder: pod).server
    }
    #expect(try server(flag) == "https://flag")
    #expect(try server(nil) == "https://listed")
    environment["KUBECONFIG"] = ""
    #expect(try server("") == "https://10.0.0.1:443")
    environment["KUBERNETES_SERVICE_HOST"] = nil
    #expect(try server(nil) == "https://home")
    environment["HOME"] = folder.path + "/sa"
    #expect(throws: ConfigurationError.self) { try server(nil) }
  }

  @Test("In a pod the ServiceAccount's token, authority and namespace are used")
  func inCluster() async throws {
    let configuration = try ClusterConfiguration.load(
      kubeconfigFlag: nil, environment: ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "6443"],
      serviceAccountFolder: try writePod())
    #expect(configuration.server == "https://[fd00::1]:6443")
    #expect(configuration.namespace == "metrics-router")
    #expect(configuration.certificateAuthorities != nil)
    #expect(try await configuration.credentials.bearerToken() == "pod-token")
  }

  @Test("A pod without a token is told what is missing")
  func podWithoutToken() throws {
    let pod = try writePod(token: false)
    #expect {
      try ClusterConfiguration.load(
        kubeconfigFlag: nil, environment: ["KUBERNETES_SERVICE_HOST": "h", "KUBERNETES_SERVICE_PORT": "1"],
        serviceAccountFolder: pod)
    } throws: { error in
      "\(error)".contains("--kubeconfig") && "\(error)".contains("\(pod)/token")
    }
  }

  @Test("Of the files in KUBECONFIG the first to say something counts, and missing ones are skipped")
  func merge() throws {
    let first = try folder.write("1", kubeconfig("https://first", context: nil))
    let second = try folder.write("2", kubeconfig("https://second", context: "c"))
    let third = try folder.write("3", kubeconfig("https://third", context: "d"))
    let load = { (paths: [String]) in
      try ClusterConfiguration.load(kubeconfigFlag: nil, environment: ["KUBECONFIG": paths.joined(separator: ":")])
    }
    let merged = try load([folder.path + "/none", first, second, third])
    #expect(merged.server == "https://first")
    #expect(merged.origin == "kubeconfig \(second), context \"c\"")
    #expect(try load([third, second]).server == "https://third")
    #expect(throws: ConfigurationError("KUBECONFIG", "none of these files exists: /none/1, /none/2")) {
      try load(["/none/1", "/none/2"])
    }
  }
}
