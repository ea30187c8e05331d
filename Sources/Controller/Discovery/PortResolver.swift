import Kubernetes
import Options
import Routing

/// Finds the number of a source's port, and looks whether the Service may be asked at all.
struct PortResolver: Sendable {
  /// For a Service that is read only to see what type it is: its source does not wait longer for an API server that is
  /// away.
  private static let typeTimeout = Duration.seconds(2)
  /// For one whose port is asked for. Few may look for their ports at once.
  private static let nameTimeout = Duration.seconds(5)

  /// Nil where there is no API server to ask.
  let client: (any APIClient)?
  let connectTo: [ConnectTo]
  let allowsExternalNames: Bool

  init(client: (any APIClient)?, connectTo: [ConnectTo] = [], allowsExternalNames: Bool = false) {
    self.client = client
    self.connectTo = connectTo
    self.allowsExternalNames = allowsExternalNames
  }

  func port(of service: MetricsSourceSpec.Service) async throws(SyncFailure) -> UInt16 {
    let name: String
    switch service.port {
    case .name(let given): name = given
    case .number(let number):
      guard let port = UInt16(exactly: number) else {
        throw SyncFailure(reason: .invalidSpec, message: "spec.service.port.number: \(number): use 1 to 65535")
      }
      try await refuseExternalName(of: service, port: port)
      return port
    }
    guard let client else {
      throw SyncFailure(
        reason: .invalidSpec,
        message: "spec.service.port.name: \(name): names of ports need an API server; give the number")
    }
    let found: Service
    do throws(APIError) {
      found = try await client.get(Service.self, Self.path(of: service), timeout: Self.nameTimeout)
    } catch {
      if error.code == 404 {
        throw SyncFailure(
          reason: .serviceNotFound,
          message: "Service \(service.namespace)/\(service.name) does not exist: create it or correct spec.service")
      }
      throw SyncFailure(
        reason: .apiServerUnavailable,
        message: "reading Service \(service.namespace)/\(service.name): \(error.timelessDescription)")
    }
    let ports = found.spec?.ports ?? []
    guard let port = ports.first(where: { $0.name == name }).flatMap({ UInt16(exactly: $0.port) }) else {
      let names = ports.compactMap(\.name).joined(separator: ", ")
      throw SyncFailure(
        reason: .portNotFound,
        message: "Service \(service.namespace)/\(service.name) has no port named \(name) (it has: \(names))")
    }
    if !connectTo.choosesHost(of: service, port: port) { try refuse(found, service) }
    return port
  }

  /// A Service that cannot be read is not refused for that: the server looks at the name's aliases whenever it connects,
  /// and both processes at the address, without any permission.
  private func refuseExternalName(of service: MetricsSourceSpec.Service, port: UInt16) async throws(SyncFailure) {
    guard let client, !allowsExternalNames, !connectTo.choosesHost(of: service, port: port) else { return }
    let found: Service
    do throws(APIError) {
      found = try await client.get(Service.self, Self.path(of: service), timeout: Self.typeTimeout)
    } catch {
      return
    }
    try refuse(found, service)
  }

  private func refuse(_ found: Service, _ service: MetricsSourceSpec.Service) throws(SyncFailure) {
    guard !allowsExternalNames, found.spec?.type == "ExternalName" else { return }
    throw SyncFailure(
      reason: .externalName,
      message:
        "Service \(service.namespace)/\(service.name) is of type ExternalName, which may lead out of the cluster:"
        + " it is not asked unless --allow-external-name-services is given")
  }

  private static func path(of service: MetricsSourceSpec.Service) -> String {
    "/api/v1/namespaces/\(service.namespace)/services/\(service.name)"
  }
}

extension [ConnectTo] {
  /// Whether the one who runs the process has said where this Service is, so that nothing is left of what the resource
  /// says.
  func choosesHost(of service: MetricsSourceSpec.Service, port: UInt16) -> Bool {
    first { $0.matches(host: service.host, port: port) }?.targetHost != nil
  }
}
