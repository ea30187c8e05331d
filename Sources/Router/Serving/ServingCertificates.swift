import EventLoop
import Synchronization
import TLS
import Telemetry

/// The serving certificate: of the files given, read again when they change, else one of our own making, made anew before
/// it ends. Each new connection takes the current one; a pair of files that does not fit together changes nothing.
final class ServingCertificates: Sendable {
  /// Times, which tests shorten.
  struct Schedule: Sendable {
    /// Kubelet swaps a mounted Secret by a symbolic link in the same folder, which is noticed at once; elsewhere, by then.
    var interval = Duration.seconds(10)
    /// Between a first change of the files and reading them: who writes one after the other is not done yet.
    var settling = Duration.milliseconds(200)
    /// Of a certificate of our own.
    var selfSignedDays = 365
    /// A certificate of our own is made anew with this much left.
    var renewalSeconds = 30 * 86_400
    /// Each context has keys of its own for session tickets: with an old one, past connections of TLS 1.2 could be read.
    var contextLifetime = Duration.seconds(86_400)
  }

  /// What the files held when they were last looked at.
  private enum Found: Equatable {
    /// Nothing: one has not been there yet.
    case missing
    case unreadable
    /// Fit to serve or not.
    case content(ServingFiles.Content)
  }

  private struct State: Sendable {
    var certificate: ServingCertificate
    var context: TLSServerContext
    var madeAt: MonotonicTime
    var found: Found
    /// Whether it is one of our own, in place of files that have never been there.
    var isStopgap = false
    var notice = ExpiryNotice()
  }

  private let files: ServingFiles?
  private let options: SecureServingOptions
  private let schedule: Schedule
  private let logger: Logger
  private let onReload: @Sendable (Bool) -> Void
  private let state: Mutex<State>

  /// `onReload` is told of each time that another certificate was to be served, and whether it is. Throws where the files
  /// given cannot be used: a server that starts with another certificate than it was told to would be found out too late.
  init(
    _ options: SecureServingOptions, _ logger: Logger, schedule: Schedule = Schedule(),
    onReload: @escaping @Sendable (_ success: Bool) -> Void = { _ in }
  ) throws(StartError) {
    if let certificate = options.certificateFile, let key = options.privateKeyFile {
      files = ServingFiles(certificate: certificate, key: key)
    } else {
      files = nil
      logger.info("no --tls-cert-file: serving with a self-signed certificate")
    }
    do {
      var content: ServingFiles.Content?
      let missing = options.filesMayComeLater ? files?.missing : nil
      if let missing {
        logger.warning(
          "\(missing) is not there yet: serving with a self-signed certificate until it comes, as"
            + " --\(SecureServingOptions.laterFlag) says")
      } else {
        content = try files?.read()
      }
      let certificate = try Self.certificate(files, content, schedule)
      let context = try Self.context(certificate, options)
      state = Mutex(
        State(
          certificate: certificate, context: context, madeAt: .now(), found: content.map(Found.content) ?? .missing,
          isStopgap: missing != nil))
    } catch {
      throw StartError("\(error)")
    }
    self.options = options
    self.schedule = schedule
    self.logger = logger
    self.onReload = onReload
  }

  /// For each new connection.
  var current: TLSServerContext { state.withLock { $0.context } }

  /// Until the certificate that is served ends; negative once it has.
  var secondsToExpiry: Int { state.withLock { $0.certificate }.secondsToExpiry }

  /// Looks after the certificate until its task is cancelled.
  func keepFresh() async {
    let (occasions, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    await withDiscardingTaskGroup { group in
      for folder in files?.folders ?? [] { group.addTask { await self.watch(folder, continuation) } }
      group.addTask {
        while !Task.isCancelled {
          continuation.yield()
          try? await Task.sleep(for: self.schedule.interval)
        }
      }
      for await _ in occasions { await lookAfter() }
      group.cancelAll()
    }
  }

  private func watch(_ folder: String, _ continuation: AsyncStream<Void>.Continuation) async {
    do throws(SystemError) {
      let watch = try DirectoryWatch(directory: folder, interval: schedule.interval)
      for await _ in watch.changes { continuation.yield() }
    } catch {
      logger.warning("cannot watch \(folder), changes are noticed every \(schedule.interval): \(error)")
    }
  }

  // MARK: What may be due

  private func lookAfter() async {
    if let files, state.withLock({ $0.isStopgap }) {
      await awaitFirst(files)
    } else if let files {
      await reload(files)
      warn(files)
    } else if secondsToExpiry < schedule.renewalSeconds {
      replace(content: nil, from: "the self-signed certificate")
    }
    let (certificate, madeAt) = state.withLock { ($0.certificate, $0.madeAt) }
    guard MonotonicTime.now().since(madeAt) >= schedule.contextLifetime else { return }
    do throws(TLSError) {
      let context = try Self.context(certificate, options)
      state.withLock { ($0.context, $0.madeAt) = (context, .now()) }
    } catch {
      logger.error("session tickets go on with their old keys: \(error)")
    }
  }

  /// They are as good as not there until both are. What cannot be used is told, and the stopgap has to last for longer.
  private func awaitFirst(_ files: ServingFiles) async {
    if files.missing == nil {
      await reload(files)
    } else {
      state.withLock { $0.found = .missing }
    }
    guard state.withLock({ $0.isStopgap }) else { return }
    if secondsToExpiry < schedule.renewalSeconds { replace(content: nil, from: "the self-signed certificate") }
  }

  private func reload(_ files: ServingFiles) async {
    let known = state.withLock { $0.found }
    guard ((try? files.read()).map(Found.content) ?? .unreadable) != known else { return }
    try? await Task.sleep(for: schedule.settling)
    let content: ServingFiles.Content
    do throws(SystemError) {
      content = try files.read()
    } catch {
      state.withLock { $0.found = .unreadable }
      return complain(error)
    }
    guard .content(content) != known else { return }
    state.withLock { $0.found = .content(content) }
    replace(content: content, from: files.certificate)
  }

  private func replace(content: ServingFiles.Content?, from name: String) {
    do {
      let certificate = try Self.certificate(files, content, schedule)
      let context = try Self.context(certificate, options)
      state.withLock { state in
        (state.certificate, state.context, state.madeAt) = (certificate, context, .now())
        state.notice = ExpiryNotice()
        if content != nil { state.isStopgap = false }
      }
      logger.info(
        "serving certificate loaded again", ["from": name, "daysLeft": "\(certificate.secondsToExpiry / 86_400)"])
      onReload(true)
    } catch {
      complain(error)
    }
  }

  private func complain(_ error: any Error) {
    logger.error("the serving certificate stays as it was: \(error)")
    onReload(false)
  }

  private func warn(_ files: ServingFiles) {
    let seconds = secondsToExpiry
    let gravity = state.withLock { $0.notice.due(secondsToExpiry: seconds, at: .now()) }
    let days = "\(seconds / 86_400)"
    switch gravity {
    case .warning: logger.warning("the serving certificate ends soon", ["file": files.certificate, "daysLeft": days])
    case .error where seconds < 0: logger.error("the serving certificate has ended", ["file": files.certificate])
    case .error: logger.error("the serving certificate is about to end", ["file": files.certificate, "daysLeft": days])
    case nil: break
    }
  }

  // MARK: Making one

  private static func certificate(
    _ files: ServingFiles?, _ content: ServingFiles.Content?, _ schedule: Schedule
  ) throws(TLSError) -> ServingCertificate {
    guard let files, let content else {
      return try ServingCertificate.selfSigned(names: ServingNames.all(), days: schedule.selfSignedDays)
    }
    return try files.parse(content)
  }

  private static func context(
    _ certificate: ServingCertificate, _ options: SecureServingOptions
  ) throws(TLSError) -> TLSServerContext {
    try TLSServerContext(
      certificate: certificate, minimumVersion: options.minimumVersion, protocols: options.protocols,
      cipherSuites: options.cipherSuites)
  }
}
