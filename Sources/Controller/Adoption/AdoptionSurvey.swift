import Kubernetes
import MetricsAPI
import YAML

/// Reads from a cluster what an adoption is planned from.
struct AdoptionSurvey: Sendable {
  /// What a list of MetricsSources holds.
  private struct SourceList: Decodable {
    var items: [MetricsSource]
  }

  let client: any APIClient
  /// The group of the MetricsSource resource.
  let group: String

  var sourcesPath: String { "/apis/\(group)/\(MetricsSource.version)/\(MetricsSource.plural)" }

  func findings(trusting origin: RouterTrust.Origin) async throws(AdoptionError) -> AdoptionFindings {
    let states = try await APIServiceSwitch(client: client, timing: AdoptionTiming()).states()
    var services: [String: Service] = [:]
    for state in states {
      guard case .service(let address) = state.owner, services[address.service] == nil else { continue }
      services[address.service] = try await service(address)
    }
    return AdoptionFindings(
      states: states, services: services, sources: try await sources(),
      trust: try await RouterTrust.read(origin, client))
  }

  /// Nil where the cluster does not know the resource.
  func sources(selector: String? = nil) async throws(AdoptionError) -> [MetricsSource]? {
    do throws(APIError) {
      let parameters = selector.map { [APIRequest.Parameter("labelSelector", $0)] } ?? []
      return try await client.get(SourceList.self, sourcesPath, parameters: parameters).items
    } catch {
      if error.code == 404 { return nil }
      throw AdoptionError("reading the MetricsSources: \(error)")
    }
  }

  /// Nil where there is no such Service.
  private func service(_ address: ServiceAddress) async throws(AdoptionError) -> Service? {
    do throws(APIError) {
      return try await client.get(
        Service.self, "/api/v1/namespaces/\(address.namespace)/services/\(address.name)")
    } catch {
      if error.code == 404 { return nil }
      throw AdoptionError("reading Service \(address.service): \(error)")
    }
  }

  /// Throws, and says what to do, unless the router's Service is there and somebody may answer behind it.
  func requireRouter(_ router: RouterAddress) async throws(AdoptionError) {
    let advice =
      "apply deploy/all-in-one.yaml first, or say where the router is with --router-namespace and --router-service"
    let namespace = "/namespaces/\(router.namespace)"
    let service: YAMLValue
    do throws(APIError) {
      service = try await client.document("/api/v1\(namespace)/services/\(router.name)")
    } catch {
      guard error.code == 404 else { throw AdoptionError("reading Service \(router): \(error)") }
      throw AdoptionError("there is no Service \(router.namespace)/\(router.name): \(advice)")
    }
    // One without a selector leads to where its Endpoints or its external name say.
    guard service["spec"]?["type"]?.text != "ExternalName" else { return }
    guard case .mapping(let selector) = service["spec"]?["selector"] ?? .null, !selector.entries.isEmpty else { return }
    let deployments: YAMLValue
    do throws(APIError) {
      deployments = try await client.document("/apis/apps/v1\(namespace)/deployments")
    } catch {
      throw AdoptionError("reading the Deployments in \(router.namespace): \(error)")
    }
    let own = (deployments["items"]?.elements ?? []).filter { deployment in
      let labels = deployment["spec"]?["template"]?["metadata"]?["labels"]
      return selector.entries.allSatisfy { labels?[$0.key] == $0.value }
    }
    guard !own.isEmpty else {
      throw AdoptionError("no Deployment is behind Service \(router.namespace)/\(router.name): \(advice)")
    }
    guard own.contains(where: { if case .int(1...) = $0["status"]?["readyReplicas"] ?? .null { true } else { false } })
    else {
      throw AdoptionError(
        "the router is not ready: kubectl -n \(router.namespace) get pods says why; nothing was changed")
    }
  }
}
