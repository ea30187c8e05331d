import EventLoop
import Glibc
import Kubernetes
import Options

/// The names in a certificate that the server makes for itself: those of its Service, which is how kube-apiserver asks for
/// it, and those of the machine, for people who try it out.
enum ServingNames {
  private static let service = "metrics-apiserver"
  private static let defaultNamespace = "metrics-router"

  static func all() -> [String] {
    all(
      namespace: Environment.read("POD_NAMESPACE")
        ?? namespaceOfServiceAccount(
          folder: ClusterConfiguration.serviceAccountFolder), host: hostName())
  }

  /// The first one, which becomes the common name, is always the same, and short enough for that. What is no DNS name is
  /// left out: a certificate without it is better than none.
  static func all(namespace: String?, host: String) -> [String] {
    var names = ["\(service).\(defaultNamespace).svc"]
    for name in [namespace.map { "\(service).\($0).svc" }, "localhost", host].compactMap(\.self)
    where isName(name) && !names.contains(name) {
      names.append(name)
    }
    return names + ["127.0.0.1", "::1"]
  }

  /// Nil outside of a pod.
  static func namespaceOfServiceAccount(folder: String) -> String? {
    guard let bytes = try? FileContent.read(folder + "/namespace", limit: 256) else { return nil }
    let text = bytes.split(separator: UInt8(ascii: "\n")).first.map { String(decoding: $0, as: UTF8.self) }
    return text.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func isName(_ name: String) -> Bool {
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    return name.utf8.count <= 253
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count)
          && label.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
              UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
              true
            default: false
            }
          }
      }
  }

  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
