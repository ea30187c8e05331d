import Kubernetes
import Options

/// What the program does once and then ends, in place of watching sources.
enum ControllerCommand: Sendable {
  case validate(files: [String], group: String)
  case adopt(AdoptionOptions, group: String, kubeconfig: String?)
  case rollback(AdoptionOptions, group: String, kubeconfig: String?)

  /// Returns what to exit with.
  func run() async -> Int32 {
    switch self {
    case .validate(let files, let group):
      let report = ValidateCommand.run(files, group: group)
      Console.output(report.lines.map { $0 + "\n" }.joined())
      return report.hasProblems ? 1 : 0
    case .adopt(let options, let group, let kubeconfig):
      return await run(options, group, kubeconfig) { commands async throws(AdoptionError) in try await commands.adopt()
      }
    case .rollback(let options, let group, let kubeconfig):
      return await run(options, group, kubeconfig) { commands async throws(AdoptionError) in
        try await commands.rollback()
      }
    }
  }

  private func run(
    _ options: AdoptionOptions, _ group: String, _ kubeconfig: String?,
    _ command: (AdoptionCommands) async throws(AdoptionError) -> Void
  ) async -> Int32 {
    do {
      let configuration = try ClusterConfiguration.load(
        kubeconfigFlag: kubeconfig, environment: Environment.variables())
      let transport = try CurlTransport()
      let client = KubernetesClient(configuration, transport: transport, userAgent: ControllerProcess.userAgent)
      var failure: AdoptionError?
      do throws(AdoptionError) {
        try await command(
          AdoptionCommands(options: options, group: group, client: client, output: { Console.output($0) }))
      } catch {
        failure = error
      }
      await transport.shutdown()
      guard let failure else { return 0 }
      throw failure
    } catch {
      Console.error("\(ControllerOptions.program): \(error)\n")
      return 1
    }
  }
}
