import Kubernetes
import Routing

/// Why a source could not be synced: a reason for programs and a message for people.
struct SyncFailure: Error, Sendable, Equatable {
  enum Reason: String, Sendable {
    case invalidSpec = "InvalidSpec"
    case serviceNotFound = "ServiceNotFound"
    case portNotFound = "PortNotFound"
    case apiServerUnavailable = "APIServerUnavailable"
    case credentialsUnavailable = "CredentialsUnavailable"
    case backendUnreachable = "BackendUnreachable"
    case backendTimeout = "BackendTimeout"
    case backendUntrusted = "BackendUntrusted"
    case backendRefused = "BackendRefused"
    case invalidAnswer = "InvalidAnswer"
  }

  var reason: Reason
  var message: String
}

/// Finds the number of a source's port.
struct PortResolver: Sendable {
  /// Nil where there is no API server to ask.
  let client: (any APIClient)?

  func port(of service: MetricsSourceSpec.Service) async throws(SyncFailure) -> UInt16 {
    let name: String
    switch service.port {
    case .name(let given): name = given
    case .number(let number):
      guard let port = UInt16(exactly: number) else {
        throw SyncFailure(reason: .invalidSpec, message: "spec.service.port.number: \(number): use 1 to 65535")
      }
      return port
    }
    guard let client else {
      throw SyncFailure(
        reason: .invalidSpec,
        message: "spec.service.port.name: \(name): names of ports need an API server; give the number")
    }
    let path = "/api/v1/namespaces/\(service.namespace)/services/\(service.name)"
    let found: Service
    do throws(APIError) {
      found = try await client.get(Service.self, path)
    } catch {
      if error.code == 404 {
        throw SyncFailure(
          reason: .serviceNotFound,
          message: "Service \(service.namespace)/\(service.name) does not exist: create it or correct spec.service")
      }
      throw SyncFailure(
        reason: .apiServerUnavailable,
        message: "reading Service \(service.namespace)/\(service.name): \(Self.words(error))")
    }
    let ports = found.spec?.ports ?? []
    guard let port = ports.first(where: { $0.name == name }).flatMap({ UInt16(exactly: $0.port) }) else {
      let names = ports.compactMap(\.name).joined(separator: ", ")
      throw SyncFailure(
        reason: .portNotFound,
        message: "Service \(service.namespace)/\(service.name) has no port named \(name) (it has: \(names))")
    }
    return port
  }

  private static func words(_ error: APIError) -> String {
    if case .transport(let error) = error { return "\(error.operation): \(error.timelessMessage)" }
    return "\(error)"
  }
}
