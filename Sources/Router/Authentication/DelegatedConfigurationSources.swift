import EventLoop
import Synchronization
import TLS
import Telemetry

/// Puts the delegated configuration together: each of its parts, the users' authority and what concerns front proxies,
/// comes from flags where they name a file with its authority, else from the ConfigMap. Each keeps its last good content
/// for as long as the new one cannot be used. What is taken away, be it a key or the whole ConfigMap, is no longer trusted
/// from then on, where upstream would trust it until its next start.
final class DelegatedConfigurationSources: Sendable {
  /// The condition of readiness that is met once every part has been read.
  static let condition = "delegated-authentication"

  private struct State {
    var configuration = DelegatedConfiguration()
    /// Of the ConfigMap; nil before the first look.
    var data: [String: String]?
    var hasClientAuthority: Bool
    var hasRequestHeader: Bool
  }

  private let options: AuthenticationOptions
  private let clientFile: AuthorityFile?
  private let requestHeaderFile: AuthorityFile?
  /// Of the files as they were read at the start.
  private let identities: [FileIdentity?]
  private let holder: DelegatedConfigurationHolder
  private let readiness: Readiness
  private let logger: Logger
  private let state: Mutex<State>

  /// Throws where a file that a flag names cannot be used: whoever starts a server with it must learn that.
  init(
    _ options: AuthenticationOptions, holder: DelegatedConfigurationHolder, readiness: Readiness, logger: Logger
  ) throws(StartError) {
    self.options = options
    self.holder = holder
    self.readiness = readiness
    self.logger = logger
    clientFile = options.clientAuthorityFile.map(AuthorityFile.init)
    requestHeaderFile = options.requestHeaderAuthorityFile.map(AuthorityFile.init)
    identities = [clientFile, requestHeaderFile].map { $0.flatMap { FileIdentity(path: $0.path) } }
    state = Mutex(State(hasClientAuthority: clientFile != nil, hasRequestHeader: requestHeaderFile != nil))
    for warning in options.warnings { logger.warning(warning) }
    if let authority = try Self.load(clientFile, "--client-ca-file") { take(clientAuthority: authority) }
    if let authority = try Self.load(requestHeaderFile, "--requestheader-client-ca-file") {
      take(requestHeader: options.requestHeader(authority))
    }
    if options.skipsLookup || options.toleratesLookupFailure { readiness.meet(Self.condition) }
  }

  private static func load(_ file: AuthorityFile?, _ flag: String) throws(StartError) -> TrustStore? {
    do throws(AuthorityFileError) { return try file?.load().store } catch { throw StartError("\(flag): \(error)") }
  }

  /// Whether there is anything to look up in the cluster.
  var looksUp: Bool { !options.skipsLookup && (clientFile == nil || requestHeaderFile == nil) }

  /// Takes the content of the ConfigMap; nil where there is none.
  func replace(_ data: [String: String]?) {
    let fresh = data ?? [:]
    let isNew = state.withLock { state in
      defer { state.data = fresh }
      return state.data != fresh
    }
    guard isNew else { return }
    if data == nil {
      logger.error(
        "ConfigMap \(DelegatedConfiguration.namespace)/\(DelegatedConfiguration.name) is missing: what it said of client certificates and front proxies no longer counts"
      )
    }
    if clientFile == nil {
      do throws(DelegatedConfigurationError) {
        take(clientAuthority: try DelegatedConfiguration.clientAuthority(fresh))
      } catch {
        keep(error)
      }
    }
    if requestHeaderFile == nil {
      do throws(DelegatedConfigurationError) {
        take(requestHeader: try DelegatedConfiguration.requestHeader(fresh))
      } catch {
        keep(error)
      }
    }
  }

  /// Reads the files again whenever they change, until the task is cancelled.
  func watchFiles() async {
    await withTaskGroup { group in
      group.addTask {
        await self.watch(self.clientFile, self.identities[0]) { self.take(clientAuthority: $0) }
      }
      group.addTask {
        await self.watch(self.requestHeaderFile, self.identities[1]) {
          self.take(requestHeader: self.options.requestHeader($0))
        }
      }
    }
  }

  private func watch(_ file: AuthorityFile?, _ last: FileIdentity?, _ take: (TrustStore) -> Void) async {
    guard let file else { return }
    do throws(SystemError) {
      try await file.watch(since: last) { result in
        switch result {
        case .success(let content):
          take(content.store)
          logger.info("authorities loaded again: \(file.path)")
        case .failure(let error): keep(error)
        }
      }
    } catch {
      logger.error("cannot watch \(file.path), new authorities will not be noticed: \(error)")
    }
  }

  private func take(clientAuthority: TrustStore?) {
    change { state in
      state.configuration.clientAuthority = clientAuthority
      state.hasClientAuthority = true
    }
  }

  private func take(requestHeader: RequestHeaderConfiguration?) {
    change { state in
      state.configuration.requestHeader = requestHeader
      state.hasRequestHeader = true
    }
  }

  private func change(_ apply: (inout State) -> Void) {
    let isComplete = state.withLock { state in
      apply(&state)
      // Under the lock, so that the last change is the one in force.
      holder.replace(state.configuration)
      return state.hasClientAuthority && state.hasRequestHeader
    }
    if isComplete { readiness.meet(Self.condition) }
  }

  private func keep(_ error: any Error) { logger.error("\(error); the last good content stays in force") }
}

extension AuthenticationOptions {
  /// What the flags say of front proxies whom `authority` vouches for.
  fileprivate func requestHeader(_ authority: TrustStore) -> RequestHeaderConfiguration {
    RequestHeaderConfiguration(
      authority: authority, allowedNames: requestHeader.allowedNames, usernameHeaders: requestHeader.usernameHeaders,
      uidHeaders: requestHeader.uidHeaders, groupHeaders: requestHeader.groupHeaders,
      extraPrefixes: requestHeader.extraPrefixes)
  }
}
