import EventLoop
import Foundation
import Synchronization
import TLS
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_server

/// What was logged and how reloads ended.
private final class Witness: LogSink {
  private let kept = Mutex((lines: [String](), reloads: [Bool]()))

  var lines: [String] { kept.withLock { $0.lines } }
  var reloads: [Bool] { kept.withLock { $0.reloads } }

  func write(_ line: [UInt8]) { kept.withLock { $0.lines.append(String(decoding: line, as: UTF8.self)) } }
  func flush() {}
  func note(_ success: Bool) { kept.withLock { $0.reloads.append(success) } }
}

/// A folder with a certificate, the folder with its key, and an authority that issues more of them.
private struct Setting {
  let authority: TestAuthority
  let certificate: URL
  let key: URL
  let witness = Witness()
  /// Long enough for inotify alone to tell of a change within a test.
  var schedule = ServingCertificates.Schedule(interval: .seconds(3600), settling: .milliseconds(100))

  init(keyFolder: String = "tls") throws {
    authority = try TestAuthority("servers")
    for folder in [keyFolder, "tls"] {
      let url = authority.folder.appending(path: folder)
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }
    certificate = authority.folder.appending(path: "tls/tls.crt")
    key = authority.folder.appending(path: "\(keyFolder)/tls.key")
  }

  func issue(days: Int = 90) throws -> TestAuthority.Issued {
    try authority.issue("/CN=a", usage: "serverAuth", names: ["DNS:localhost"], days: days)
  }

  /// As `cp` does it, perhaps with a pause between the two files.
  func overwrite(_ issued: TestAuthority.Issued, pause: Duration = .zero) async throws {
    try Data(contentsOf: issued.certificate).write(to: certificate)
    if pause > .zero { try await Task.sleep(for: pause) }
    try Data(contentsOf: issued.key).write(to: key)
  }

  func load(mayComeLater: Bool = false) throws -> ServingCertificates {
    let options = SecureServingOptions(
      port: 0, bindAddress: "127.0.0.1", certificateFile: certificate.path(), privateKeyFile: key.path(),
      filesMayComeLater: mayComeLater)
    return try ServingCertificates(
      options, Logger(sink: witness), schedule: schedule, onReload: { [witness] in witness.note($0) })
  }

  /// Runs `body` while the certificates are looked after.
  func watching(_ certificates: ServingCertificates, _ body: () async throws -> Void) async throws {
    let watching = Task { await certificates.keepFresh() }
    // Until the folders are watched a change may go unnoticed.
    try await Task.sleep(for: .milliseconds(200))
    do {
      try await body()
    } catch {
      Issue.record(error)
    }
    watching.cancel()
    await watching.value
    authority.remove()
  }
}

@Suite struct ServingCertificatesTests {
  @Test func `files that may come later are taken when both are there, and a certificate of our own serves until then`()
    async throws
  {
    let setting = try Setting()
    let certificates = try setting.load(mayComeLater: true)
    let before = certificates.current
    #expect(setting.witness.lines.count { $0.contains("tls.crt is not there yet: serving with a self-signed") } == 1)
    #expect((364 * 86_400)...(365 * 86_400) ~= certificates.secondsToExpiry)
    try await setting.watching(certificates) {
      let issued = try setting.issue()
      try Data(contentsOf: issued.certificate).write(to: setting.certificate)
      try await Task.sleep(for: .milliseconds(300))
      #expect(certificates.current === before)
      #expect(setting.witness.reloads.isEmpty)
      try Data(contentsOf: issued.key).write(to: setting.key)
      #expect(await eventually { setting.witness.reloads == [true] })
      #expect((89 * 86_400)...(90 * 86_400) ~= certificates.secondsToExpiry)
      // From then on it is as if they had been there: what is served stays when they go.
      let served = certificates.current
      try FileManager.default.removeItem(at: setting.key)
      #expect(await eventually { setting.witness.reloads == [true, false] })
      #expect(certificates.current === served)
    }
  }

  @Test func `a file that is not there is an error unless it may come later, and one that is there has to be good`()
    async throws
  {
    let setting = try Setting()
    defer { setting.authority.remove() }
    #expect(throws: StartError.self) { try setting.load() }
    try await setting.overwrite(try setting.issue())
    try Data("no key".utf8).write(to: setting.key)
    #expect(throws: StartError.self) { try setting.load(mayComeLater: true) }
  }

  @Test func `files that come and cannot be read are told once, and a certificate of our own goes on`() async throws {
    var setting = try Setting()
    setting.schedule.interval = .milliseconds(20)
    let certificates = try setting.load(mayComeLater: true)
    let before = certificates.current
    try await setting.watching(certificates) {
      // There, and no file: what a process that may read everything cannot read either.
      try FileManager.default.createDirectory(at: setting.key, withIntermediateDirectories: true)
      let issued = try setting.issue()
      try Data(contentsOf: issued.certificate).write(to: setting.certificate)
      #expect(await eventually { setting.witness.reloads == [false] })
      try await Task.sleep(for: .milliseconds(300))
      #expect(setting.witness.reloads == [false])
      #expect(
        setting.witness.lines.count { $0.contains("stays as it was") && $0.contains(setting.key.path()) } == 1)
      #expect(certificates.current === before)
      try FileManager.default.removeItem(at: setting.key)
      try Data(contentsOf: issued.key).write(to: setting.key)
      #expect(await eventually { setting.witness.reloads == [false, true] })
      #expect((89 * 86_400)...(90 * 86_400) ~= certificates.secondsToExpiry)
    }
  }

  @Test func `a certificate of our own is made anew too while the files that have come do not fit together`()
    async throws
  {
    var setting = try Setting()
    setting.schedule.interval = .milliseconds(20)
    setting.schedule.selfSignedDays = 40
    setting.schedule.renewalSeconds = 41 * 86_400
    let certificates = try setting.load(mayComeLater: true)
    try await setting.watching(certificates) {
      let (one, other) = (try setting.issue(), try setting.issue())
      try Data(contentsOf: one.certificate).write(to: setting.certificate)
      try Data(contentsOf: other.key).write(to: setting.key)
      #expect(await eventually { setting.witness.reloads.contains(false) })
      let made = certificates.current
      #expect(await eventually { certificates.current !== made })
      #expect(setting.witness.reloads.count { !$0 } == 1)
      try Data(contentsOf: one.key).write(to: setting.key)
      #expect(await eventually { certificates.secondsToExpiry > 80 * 86_400 })
    }
  }

  @Test func `a pair that is overwritten in place is taken up, once it is whole`() async throws {
    var setting = try Setting()
    setting.schedule.settling = .milliseconds(500)
    try await setting.overwrite(try setting.issue())
    let certificates = try setting.load()
    let before = certificates.current
    try await setting.watching(certificates) {
      try await setting.overwrite(try setting.issue(days: 300), pause: .milliseconds(50))
      #expect(await eventually { certificates.current !== before })
      #expect(await eventually { setting.witness.reloads == [true] })
      #expect((299 * 86_400 - 60)...(300 * 86_400) ~= certificates.secondsToExpiry)
    }
  }

  @Test func `a volume whose link is swapped is taken up`() async throws {
    let setting = try Setting()
    let folder = setting.certificate.deletingLastPathComponent()
    func publish(_ version: String, _ issued: TestAuthority.Issued) throws {
      let data = folder.appending(path: "..\(version)")
      try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
      try Data(contentsOf: issued.certificate).write(to: data.appending(path: "tls.crt"))
      try Data(contentsOf: issued.key).write(to: data.appending(path: "tls.key"))
      let fresh = folder.appending(path: "..data_tmp").path()
      #expect(symlink("..\(version)", fresh) == 0)
      #expect(rename(fresh, folder.appending(path: "..data").path()) == 0)
    }
    try publish("2026_01", try setting.issue())
    for name in ["tls.crt", "tls.key"] {
      #expect(symlink("..data/\(name)", folder.appending(path: name).path()) == 0)
    }
    let certificates = try setting.load()
    let before = certificates.current
    try await setting.watching(certificates) {
      try publish("2026_02", try setting.issue())
      #expect(await eventually { certificates.current !== before })
      #expect(await eventually { setting.witness.reloads == [true] })
    }
  }

  @Test func `a key in a folder of its own is watched too`() async throws {
    let setting = try Setting(keyFolder: "key")
    try await setting.overwrite(try setting.issue())
    let certificates = try setting.load()
    let before = certificates.current
    try await setting.watching(certificates) {
      let next = try setting.issue()
      try Data(contentsOf: next.certificate).write(to: setting.certificate)
      #expect(await eventually { setting.witness.reloads == [false] })
      #expect(certificates.current === before)
      try Data(contentsOf: next.key).write(to: setting.key)
      #expect(await eventually { certificates.current !== before })
      #expect(await eventually { setting.witness.reloads == [false, true] })
    }
  }

  @Test func `what cannot be served is told once, and the last good pair stays`() async throws {
    var setting = try Setting()
    setting.schedule.interval = .milliseconds(20)
    let (first, second) = (try setting.issue(), try setting.issue())
    try await setting.overwrite(first)
    let certificates = try setting.load()
    let before = certificates.current
    try await setting.watching(certificates) {
      try Data(contentsOf: second.certificate).write(to: setting.certificate)
      #expect(await eventually { !setting.witness.reloads.isEmpty })
      try await Task.sleep(for: .milliseconds(300))
      #expect(await eventually { setting.witness.reloads == [false] })
      try FileManager.default.removeItem(at: setting.key)
      #expect(await eventually { setting.witness.reloads.count > 1 })
      try await Task.sleep(for: .milliseconds(300))
      #expect(await eventually { setting.witness.reloads == [false, false] })
      #expect(setting.witness.lines.filter { $0.contains("stays as it was") }.count == 2)
      #expect(certificates.current === before)
      try Data(contentsOf: second.key).write(to: setting.key)
      #expect(await eventually { certificates.current !== before })
      try await Task.sleep(for: .milliseconds(300))
      #expect(await eventually { setting.witness.reloads == [false, false, true] })
    }
  }

  @Test func `a server does not start with a pair that does not fit together`() throws {
    let setting = try Setting()
    defer { setting.authority.remove() }
    let (one, other) = (try setting.issue(), try setting.issue())
    try Data(contentsOf: one.certificate).write(to: setting.certificate)
    #expect(throws: StartError.self) { try setting.load() }
    try Data(contentsOf: other.key).write(to: setting.key)
    let error = #expect(throws: StartError.self) { try setting.load() }
    #expect(error?.description.contains(setting.certificate.path()) == true)
  }

  @Test(arguments: [(90, 0, 0), (20, 1, 0), (3, 0, 1)])
  func `the nearing end of a given certificate is told once a day`(
    _ days: Int, _ warnings: Int, _ errors: Int
  ) async throws {
    var setting = try Setting()
    setting.schedule.interval = .milliseconds(20)
    try await setting.overwrite(try setting.issue(days: days))
    try await setting.watching(try setting.load()) {
      try await Task.sleep(for: .milliseconds(100))
      #expect(setting.witness.lines.filter { $0.hasPrefix("W") && $0.contains("ends soon") }.count == warnings)
      #expect(setting.witness.lines.filter { $0.hasPrefix("E") && $0.contains("about to end") }.count == errors)
    }
  }

  @Test func `keys for session tickets are made anew, without a word`() async throws {
    var setting = try Setting()
    setting.schedule.interval = .milliseconds(20)
    setting.schedule.contextLifetime = .milliseconds(100)
    try await setting.overwrite(try setting.issue())
    let certificates = try setting.load()
    let before = certificates.current
    try await setting.watching(certificates) {
      #expect(await eventually { certificates.current !== before })
      #expect(setting.witness.reloads.isEmpty && setting.witness.lines.isEmpty)
    }
  }
}

@Suite struct SelfSignedCertificateTests {
  private func certificates(_ schedule: ServingCertificates.Schedule, _ witness: Witness) throws -> ServingCertificates
  {
    try ServingCertificates(
      SecureServingOptions(port: 0, bindAddress: "127.0.0.1"), Logger(sink: witness), schedule: schedule,
      onReload: { witness.note($0) })
  }

  @Test func `it is made anew before it ends`() async throws {
    let witness = Witness()
    let schedule = ServingCertificates.Schedule(
      interval: .milliseconds(20), selfSignedDays: 40, renewalSeconds: 41 * 86_400)
    let certificates = try certificates(schedule, witness)
    let before = certificates.current
    let watching = Task { await certificates.keepFresh() }
    #expect(await eventually { certificates.current !== before && !witness.reloads.isEmpty })
    #expect(witness.reloads.first == true && !witness.reloads.contains(false))
    watching.cancel()
    await watching.value
  }

  @Test func `it stays while it has long to go`() async throws {
    let witness = Witness()
    let certificates = try certificates(.init(interval: .milliseconds(10)), witness)
    let before = certificates.current
    let watching = Task { await certificates.keepFresh() }
    try await Task.sleep(for: .milliseconds(150))
    #expect(certificates.current === before && witness.reloads.isEmpty)
    #expect((364 * 86_400)...(365 * 86_400) ~= certificates.secondsToExpiry)
    watching.cancel()
    await watching.value
  }

  @Test func `it is for the Service in the namespace of the pod, and for the machine`() {
    #expect(
      ServingNames.all(namespace: "observability", host: "router-7d9f") == [
        "metrics-apiserver.metrics-router.svc", "metrics-apiserver.observability.svc", "localhost", "router-7d9f",
        "127.0.0.1", "::1",
      ])
    #expect(
      ServingNames.all(namespace: nil, host: "localhost") == [
        "metrics-apiserver.metrics-router.svc", "localhost", "127.0.0.1", "::1",
      ])
  }

  @Test(arguments: ["a,IP:10.0.0.1", "", "a..b", "ns\n", String(repeating: "a", count: 64)])
  func `a name that is none is left out`(_ name: String) throws {
    let names = ServingNames.all(namespace: name, host: name)
    #expect(names == ServingNames.all(namespace: nil, host: ""))
    #expect(throws: Never.self) { try ServingCertificate.selfSigned(names: names, days: 1) }
  }

  @Test func `the namespace is that of the service account`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "account-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(ServingNames.namespaceOfServiceAccount(folder: folder.path()) == nil)
    try Data("observability".utf8).write(to: folder.appending(path: "namespace"))
    #expect(ServingNames.namespaceOfServiceAccount(folder: folder.path()) == "observability")
  }
}

@Suite struct ExpiryNoticeTests {
  private let day = 86_400

  @Test func `a month before the end, when others renew, there is nothing to say`() {
    var notice = ExpiryNotice()
    #expect(notice.due(secondsToExpiry: 30 * day, at: .now()) == nil)
    #expect(notice.due(secondsToExpiry: 25 * day, at: .now()) == nil)
    #expect(notice.due(secondsToExpiry: 25 * day - 1, at: .now()) == .warning)
  }

  @Test func `it is said once a day, and graver in the last week`() {
    var notice = ExpiryNotice()
    let start = MonotonicTime.now()
    #expect(notice.due(secondsToExpiry: 10 * day, at: start) == .warning)
    #expect(notice.due(secondsToExpiry: 10 * day - 3600, at: start + .seconds(3600)) == nil)
    #expect(notice.due(secondsToExpiry: 9 * day, at: start + .seconds(day)) == .warning)
    #expect(notice.due(secondsToExpiry: 7 * day - 1, at: start + .seconds(day + 10)) == .error)
    #expect(notice.due(secondsToExpiry: 7 * day - 20, at: start + .seconds(day + 30)) == nil)
    #expect(notice.due(secondsToExpiry: -1, at: start + .seconds(2 * day + 10)) == .error)
  }
}
