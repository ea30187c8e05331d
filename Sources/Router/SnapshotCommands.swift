import EventLoop
import Glibc
import Kubernetes
import Options
import Routing
import Telemetry

/// `routes` and `explain`: what a snapshot file says, for a person.
enum SnapshotCommands {
  /// What to print, and whether all is well.
  struct Outcome {
    var text: String
    var isGood = true
  }

  static func run(_ options: RouterOptions) async throws(SnapshotCommandError) -> Outcome {
    let snapshot: Snapshot
    do {
      snapshot = try Snapshot.decode(try FileContent.read(options.snapshot, limit: Snapshot.maximumLength))
    } catch {
      throw SnapshotCommandError(description: "\(options.snapshot) cannot be used: \(error)")
    }
    guard case .explain(let metric) = options.task else {
      return try written { Outcome(text: try Rendering.text(snapshot.table, options.output)) }
    }
    let asked: ExplainQuestion
    let explaining = options.explaining
    do throws(ExplainError) {
      asked = try ExplainQuestion(
        metric: metric, namespace: explaining.namespace, selector: explaining.selector, object: explaining.object,
        objectSelector: explaining.objectSelector)
    } catch {
      throw SnapshotCommandError(description: "\(error)")
    }
    let explanation = snapshot.table.explain(asked.question, pin: asked.pin)
    guard explaining.asks else {
      return try written { Outcome(text: try Rendering.text(explanation, nil, options.output)) }
    }
    return try await ask(asked, explanation, options)
  }

  private static func ask(
    _ asked: ExplainQuestion, _ explanation: Explanation, _ options: RouterOptions
  ) async throws(SnapshotCommandError) -> Outcome {
    do {
      let loop = try EventLoop(name: "explain")
      defer { loop.stop() }
      let credentials = BackendCredentials()
      credentials.replace(try await token(options))
      let probe = CandidateProbe(
        loop: loop, dialling: try Dialling.make(options), limits: options.backends.limits(workers: 1, held: nil),
        settings: options.backends.chain, credentials: credentials,
        logger: Logger.standardError(format: options.telemetry.loggingFormat, verbosity: 0))
      let findings = await probe.ask(asked, explanation.candidates.map(\.source)) ?? []
      let answer = findings.first { !fallsThrough($0) } ?? findings.first
      return Outcome(
        text: try Rendering.text(explanation, findings, options.output),
        isGood: answer?.status == 200 && answer?.outcome == nil)
    } catch {
      throw SnapshotCommandError(description: "the candidates cannot be asked: \(error)")
    }
  }

  private static func written(_ write: () throws -> Outcome) throws(SnapshotCommandError) -> Outcome {
    do {
      return try write()
    } catch {
      throw SnapshotCommandError(description: "it cannot be written: \(error)")
    }
  }

  private static func fallsThrough(_ finding: CandidateProbe.Finding) -> Bool {
    finding.outcome.map(finding.source.fallThrough.contains) ?? false
  }

  /// The token that the server would send: as the flags and the environment say, else of the pod.
  private static func token(_ options: RouterOptions) async throws -> String? {
    if let account = options.backends.access.account {
      let configuration = try ClusterConfiguration.load(
        kubeconfigFlag: options.kubeconfig, environment: Environment.variables())
      let name = try ServiceAccountName(
        namespace: account.namespace, name: account.name, inherited: configuration.namespace)
      let transport = try CurlTransport()
      let client = KubernetesClient(configuration, transport: transport, userAgent: SharedState.userAgent)
      do throws(APIError) {
        let token = try await client.token(of: name)
        await transport.shutdown()
        return token.text
      } catch {
        await transport.shutdown()
        throw ConfigurationError("ServiceAccount \(name)", "no token can be had: \(error)")
      }
    }
    let inCluster = ClusterConfiguration.serviceAccountFolder + "/token"
    let path = options.backends.access.tokenFile ?? (access(inCluster, R_OK) == 0 ? inCluster : nil)
    return try await path.map { CredentialSource(.tokenFile(RereadFile($0))) }?.bearerToken()
  }
}

/// Why a snapshot could not be shown.
struct SnapshotCommandError: Error, CustomStringConvertible {
  var description: String
}
