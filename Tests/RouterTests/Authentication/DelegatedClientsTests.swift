import Foundation
import Kubernetes
import Telemetry
import Testing

@testable import metrics_router_server

@Suite struct DelegatedClientsTests {
  /// Calls `body` with the server's own way to an API server, by a kubeconfig that is then removed.
  private func withControlPlane(_ body: (ControlPlane, String) throws -> Void) async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "kubeconfig-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    let text = """
      current-context: c
      contexts: [{name: c, context: {cluster: c, user: u}}]
      clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
      users: [{name: u, user: {token: secret}}]
      """
    try text.write(to: file, atomically: true, encoding: .utf8)
    guard case .run(let options) = try RouterOptions.parse(["--kubeconfig", file.path()]),
      let control = try ControlPlane.connect(options, Logger(sink: DroppedLines()))
    else { throw StartError("no control plane") }
    try body(control, file.path())
    await control.transport.shutdown()
  }

  @Test func `reviews go the server's own way unless flags name another`() async throws {
    try await withControlPlane { control, path in
      let own = try DelegatedClients.connect(AuthenticationOptions(), control)
      #expect(own.authentication === control.client)
      #expect(own.authorization === control.client)
      var options = AuthenticationOptions()
      options.authorizationKubeconfig = path
      let other = try DelegatedClients.connect(options, control)
      #expect(other.authentication === control.client)
      #expect(other.authorization !== control.client)
    }
  }

  @Test func `a kubeconfig that cannot be used is named with its flag`() async throws {
    try await withControlPlane { control, _ in
      var options = AuthenticationOptions()
      options.authenticationKubeconfig = "/nonexistent/config"
      let error = #expect(throws: StartError.self) { try DelegatedClients.connect(options, control) }
      #expect(error?.description.contains("--authentication-kubeconfig: /nonexistent/config") == true)
    }
  }
}
