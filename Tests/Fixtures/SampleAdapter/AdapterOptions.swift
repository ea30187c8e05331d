import AdapterProfiles
import Options

/// The command line of `sample-adapter`.
struct AdapterOptions: Sendable {
  var bindAddress: String
  var port: UInt16
  var name: String
  var catalog: Catalog
  var token: String?
  /// Nil where the API server is not asked who a caller is.
  var kubeconfig: String?
  /// Where the tokens are written that callers show.
  var seenTokens: String?
  var certificateFile: String?
  var privateKeyFile: String?
  /// Nil for the plain adapter, whose values are `catalog`.
  var profile: ProfileState?

  /// Nil after `--help` or `--version`, whose text is then in `answer`.
  static func parse(
    _ arguments: [String], answer: inout String?
  ) throws(OptionsError) -> AdapterOptions? {
    var flags = FlagSet(
      program: "sample-adapter", version: "1.0",
      summary: "A small metrics adapter with fixed values, for demos and tests.")
    let bindAddress = flags.string(
      "bind-address", default: "127.0.0.1", placeholder: "IP", "Where to listen; 0.0.0.0 is everywhere, as in a pod.")
    let port = flags.integer("port", default: 0, in: 0...65_535, "The HTTPS port; 0 takes any free one.")
    let name = flags.string("name", default: "sample", "What the adapter calls itself on standard output.")
    let custom = flags.strings(
      "custom", placeholder: "resource/metric=value", "A custom metric: pods/foo=1500m. Repeatable.")
    let external = flags.strings(
      "external", placeholder: "metric=value", "An external metric: queue_length=42. Repeatable.")
    let profileFlags = ProfileFlags(&flags)
    let pods = flags.string(
      "pods", default: "web-0", placeholder: "names", "The objects that * stands for, with commas.")
    let token = flags.string("token", "The bearer token that callers must bring; without it everybody is let in.")
    let kubeconfig = flags.file(
      "kubeconfig",
      "Let in whom the API server knows and allows, as adapters do: by TokenReview and SubjectAccessReview.")
    let seenTokens = flags.file(
      "seen-tokens", "Append each token that a caller shows to this file, as a hostile one would.")
    let certificate = flags.file("tls-cert-file", "PEM; without it a self-signed certificate is made.")
    let key = flags.file("tls-private-key-file", "PEM with the key of --tls-cert-file.")
    let parsed = try flags.parse(arguments)
    answer = parsed.answer
    guard answer == nil else { return nil }
    var catalog = Catalog()
    catalog.objects = parsed[pods].split(separator: ",").map(String.init)
    let profile = try profileFlags.state(
      parsed, custom: parsed[custom], external: parsed[external], objects: catalog.objects, token: parsed[token])
    if let profile {
      return AdapterOptions(
        bindAddress: parsed[bindAddress], port: UInt16(parsed[port]), name: parsed[name], catalog: catalog, token: nil,
        kubeconfig: parsed[kubeconfig], seenTokens: parsed[seenTokens], certificateFile: parsed[certificate],
        privateKeyFile: parsed[key], profile: profile)
    }
    catalog.custom = try values(parsed[custom], flag: "--custom", expected: "resource/metric=value") {
      $0.contains("/")
    }
    catalog.external = try values(parsed[external], flag: "--external", expected: "metric=value") { !$0.isEmpty }
    return AdapterOptions(
      bindAddress: parsed[bindAddress], port: UInt16(parsed[port]), name: parsed[name], catalog: catalog,
      token: parsed[token],
      kubeconfig: parsed[kubeconfig], seenTokens: parsed[seenTokens], certificateFile: parsed[certificate],
      privateKeyFile: parsed[key])
  }

  private static func values(
    _ texts: [String], flag: String, expected: String, isName: (Substring) -> Bool
  ) throws(OptionsError) -> [String: String] {
    var values: [String: String] = [:]
    for text in texts {
      guard let equals = text.lastIndex(of: "="), isName(text[..<equals]) else {
        throw .invalidValue(text, origin: flag, expected: expected)
      }
      values[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    return values
  }
}
