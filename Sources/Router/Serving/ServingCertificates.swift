import EventLoop
import Glibc
import HTTP
import Synchronization
import TLS
import Telemetry

/// The serving certificate: of the files given, read again when they change, else one of our own making, made anew before
/// it ends. Each new connection takes the current one; a pair of files that does not fit together changes nothing.
final class ServingCertificates: Sendable {
  private static let selfSignedDays = 365
  /// Kubelet swaps a mounted Secret by a symbolic link in the same folder, which is noticed at once; elsewhere, by then.
  private static let interval = Duration.seconds(10)
  /// Of a certificate of our own: made anew with this much left.
  private static let renewalSeconds = 30 * 86_400

  private struct Files: Sendable {
    var certificate: String
    var key: String

    var identity: [FileIdentity?] { [FileIdentity(path: certificate), FileIdentity(path: key)] }
  }

  private struct State {
    var context: TLSServerContext
    var secondsToExpiry: Int
    var madeAt: MonotonicTime
  }

  private let files: Files?
  private let logger: Logger
  private let state: Mutex<State>

  /// Throws where the files given cannot be used: a server that starts with another certificate than it was told to would
  /// be found out too late.
  init(_ options: RouterOptions, _ logger: Logger) throws(StartError) {
    var files: Files?
    if let certificate = options.certificateFile, let key = options.privateKeyFile {
      files = Files(certificate: certificate, key: key)
    } else {
      logger.info("no --tls-cert-file: serving with a self-signed certificate")
    }
    do {
      state = Mutex(try Self.load(files))
    } catch {
      throw StartError("\(error)")
    }
    self.files = files
    self.logger = logger
  }

  var current: TLSServerContext { state.withLock { $0.context } }

  /// Runs until its task is cancelled.
  func keepFresh() async {
    guard let files else { return await renewOwn() }
    do throws(SystemError) {
      let watch = try DirectoryWatch(directory: FileContent.folder(of: files.certificate), interval: Self.interval)
      var last = files.identity
      for await _ in watch.changes {
        let identity = files.identity
        guard identity != last else { continue }
        last = identity
        replace(files.certificate)
      }
    } catch {
      logger.error("cannot watch \(files.certificate), a renewed certificate will not be noticed: \(error)")
    }
  }

  private func renewOwn() async {
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(3600))
      let left = state.withLock { state in
        state.secondsToExpiry - Int(MonotonicTime.now().since(state.madeAt).components.seconds)
      }
      if left < Self.renewalSeconds, !Task.isCancelled { replace("the self-signed certificate") }
    }
  }

  private func replace(_ name: String) {
    do {
      let fresh = try Self.load(files)
      state.withLock { $0 = fresh }
      logger.info("serving certificate loaded again: \(name)")
    } catch {
      logger.error("the serving certificate stays as it was: \(error)")
    }
  }

  private static func load(_ files: Files?) throws -> State {
    let certificate: ServingCertificate
    if let files {
      certificate = try ServingCertificate(
        certificatePEM: try FileContent.read(files.certificate), keyPEM: try FileContent.read(files.key),
        name: files.certificate)
    } else {
      let names = ["metrics-apiserver.metrics-router.svc", "localhost", hostName(), "127.0.0.1", "::1"]
      certificate = try ServingCertificate.selfSigned(names: names, days: selfSignedDays)
    }
    return State(
      context: try TLSServerContext(certificate: certificate, protocols: [HTTPServer.http2, HTTPServer.http1]),
      secondsToExpiry: certificate.secondsToExpiry,
      madeAt: .now())
  }

  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "metrics-router" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
