import AdapterProfiles
import EventLoop
import Glibc
import HTTP
import Kubernetes
import Options
import TLS

@main enum SampleAdapter {
  static func main() async throws {
    let signals = try ProcessSignals.stream()
    var answer: String?
    let options: AdapterOptions
    do throws(OptionsError) {
      guard let parsed = try AdapterOptions.parse(Array(CommandLine.arguments.dropFirst()), answer: &answer) else {
        Console.output(answer ?? "")
        return
      }
      options = parsed
    } catch {
      Console.error("sample-adapter: \(error)\n")
      exit(OptionsError.exitCode)
    }
    let certificate = try certificate(options)
    let context = try TLSServerContext(certificate: certificate)
    let transport = try options.kubeconfig.map { _ in try CurlTransport() }
    var access: DelegatedCallers?
    if let path = options.kubeconfig, let transport {
      access = DelegatedCallers(
        client: KubernetesClient(
          try ClusterConfiguration.load(kubeconfigFlag: path, environment: [:]), transport: transport,
          userAgent: options.name))
    }
    let callers = access
    let seen = options.seenTokens.map { SeenTokens(path: $0) }
    let loop = try EventLoop(name: "adapter")
    let server = HTTPServer(loop: loop, tls: { context }) { loop -> any Responder in
      let adapter: any Responder =
        if let profile = options.profile {
          ProfileResponder(profile, loop: loop)
        } else {
          SampleResponder(catalog: options.catalog, token: options.token)
        }
      return GuardedResponder(adapter, callers: callers, seen: seen)
    }
    guard let address = SocketAddress(options.bindAddress, port: options.port) else {
      Console.error("sample-adapter: --bind-address: \(options.bindAddress) is no IP address\n")
      exit(OptionsError.exitCode)
    }
    let bound = try await server.start(address)
    Console.output("\(options.name) serves on https://\(bound)\n")
    for await signal in signals where signal != SIGHUP { break }
    await server.drain(until: .now() + .seconds(5))
    loop.stop()
    await transport?.shutdown()
  }

  private static func certificate(_ options: AdapterOptions) throws -> ServingCertificate {
    guard let certificate = options.certificateFile, let key = options.privateKeyFile else {
      return try ServingCertificate.selfSigned(names: ["localhost", "127.0.0.1"], days: 30)
    }
    return try ServingCertificate(
      certificatePEM: try FileContent.read(certificate),
      keyPEM: try FileContent.read(key), name: certificate)
  }
}
