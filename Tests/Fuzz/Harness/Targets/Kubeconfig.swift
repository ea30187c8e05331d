import Glibc
import MetricsAPI

@testable import Kubernetes
@testable import YAML

extension FuzzTarget {
  /// kubeconfig files, and the YAML and JSON that they are written in.
  static let kubeconfig = FuzzTarget(name: "kubeconfig", maximumLength: 4096) { input in
    let bytes = Array(input)
    checkYAML(bytes)
    guard let first = load(bytes) else { return }
    guard let second = load(bytes) else { broken("a kubeconfig can be read twice") }
    require(first.description == second.description, "a kubeconfig reads the same twice")
    require(
      first.server.hasPrefix("http://") || first.server.hasPrefix("https://")
        || first.server.lowercased().hasPrefix("http"),
      "a server that can be asked: \(first.server)")
    require(!first.server.hasSuffix("/"), "a server without a slash at its end: \(first.server)")
    require(!(first.insecureSkipTLSVerify && first.certificateAuthorities != nil), "verified, or not verified")
    require(first.tlsServerName != "" && first.namespace != "" && first.proxyURL != "", "what is empty is not set")
  }

  private static let path = "/dev/shm/metrics-router-fuzz-kubeconfig-\(getpid())"

  private static func load(_ bytes: [UInt8]) -> ClusterConfiguration? {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    require(file >= 0 && write(file, bytes, bytes.count) == bytes.count, "\(path) can be written")
    close(file)
    defer { unlink(path) }
    return try? ClusterConfiguration.load(kubeconfigFlag: path, environment: [:])
  }

  private static func checkYAML(_ bytes: [UInt8]) {
    if let documents = try? YAML.documents(bytes) {
      for document in documents { checkValue(document) }
    }
    guard let text = try? YAML.text(json: bytes) else { return }
    do throws(YAMLError) {
      require(
        try YAML.documents(text).count == 1, "JSON is written as one document: \(String(decoding: text, as: UTF8.self))"
      )
    } catch {
      // Numbers are written as they are, and read as long as a Double can be as large.
      require(
        "\(error)".contains("too large a number"), "JSON is written as YAML: \(String(decoding: text, as: UTF8.self))")
    }
  }

  /// What was read means the same as JSON. That may hold characters which YAML wants escaped, and JSON does not.
  private static func checkValue(_ value: YAMLValue) {
    let json = value.json()
    require((try? JSONScanner.validate(json[...])) != nil, "a value is JSON: \(String(decoding: json, as: UTF8.self))")
    guard let text = try? YAML.text(json: json) else { return }
    guard let again = try? YAML.documents(text), again.count == 1 else {
      broken("a value is one document of YAML: \(String(decoding: text, as: UTF8.self))")
    }
    require(again[0].json().count == json.count, "a value reads as the same: \(String(decoding: json, as: UTF8.self))")
  }
}
