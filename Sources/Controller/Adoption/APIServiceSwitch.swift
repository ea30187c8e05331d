import Kubernetes
import MetricsAPI
import YAML

/// How long an adoption waits for what others do.
struct AdoptionTiming: Sendable {
  /// For sources to be synced, and for each APIService to be available.
  var timeout = Duration.seconds(120)
  /// How long an APIService must be available without a break before it is believed: right after a change the API server
  /// still shows what it found out about the former backend, until it has asked the new one, for which it has 5 seconds.
  var settle = Duration.seconds(7)
  /// How long an APIService may be said to be unavailable before that is believed: nobody gets metrics meanwhile.
  var patience = Duration.seconds(15)
  /// How long an APIService that is to go still answers after autoscalers were told of another version to ask: they look
  /// at each sync, by default every 15 seconds.
  var grace = Duration.seconds(30)
  var pollInterval = Duration.seconds(1)
}

/// Reads and writes the APIServices of the metrics APIs, one at a time.
struct APIServiceSwitch: Sendable {
  private static let attempts = 5

  let client: any APIClient
  let timing: AdoptionTiming

  func states() async throws(AdoptionError) -> [APIServiceState] {
    var states: [APIServiceState] = []
    for version in MetricsGroupVersion.allCases { states.append(try await state(version)) }
    return states
  }

  func state(_ version: MetricsGroupVersion) async throws(AdoptionError) -> APIServiceState {
    let document: YAMLValue?
    do throws(APIError) {
      document = try await client.document(version.apiServicePath)
    } catch {
      guard error.code == 404 else { throw AdoptionError("reading APIService \(version.apiServiceName): \(error)") }
      document = nil
    }
    return try APIServiceState(version, document)
  }

  /// Makes it what `document` says, or deletes it where that is nil, as long as `isExpected` holds of what is there.
  func change(
    _ version: MetricsGroupVersion, to document: YAMLValue?, where isExpected: (APIServiceState) -> Bool = { _ in true }
  ) async throws(AdoptionError) {
    var attempt = 1
    while true {
      let state = try await state(version)
      guard isExpected(state) else {
        throw AdoptionError(
          "APIService \(version.apiServiceName) was changed meanwhile, and belongs to \(state.owner) now")
      }
      do throws(APIError) {
        return try await write(document, over: state)
      } catch {
        // The aggregator has written its status between reading and writing.
        guard error.code == 409, attempt < Self.attempts else {
          throw AdoptionError("writing APIService \(version.apiServiceName): \(error)")
        }
        attempt += 1
      }
    }
  }

  private func write(_ document: YAMLValue?, over state: APIServiceState) async throws(APIError) {
    let path = state.version.apiServicePath
    switch (document, state.value) {
    case (nil, nil): break
    case (nil, _): try await client.delete(path)
    case (let document?, nil): _ = try await client.write(.post, APIService.path, document)
    case (let document?, let value?):
      let version = YAMLValue.string(value.metadata.resourceVersion ?? "")
      let metadata = (document["metadata"] ?? .object([])).setting("resourceVersion", to: version)
      _ = try await client.write(.put, path, document.setting("metadata", to: metadata))
    }
  }

  /// Waits until it has been available for a while and its group-version can be read through the API server.
  func awaitAvailable(_ version: MetricsGroupVersion) async throws(AdoptionError) {
    let deadline = ContinuousClock.now + timing.timeout
    var since: ContinuousClock.Instant?
    var failingSince: ContinuousClock.Instant?
    while true {
      let state = try await state(version)
      var trouble = state.availability
      let now = ContinuousClock.now
      let status = state.value?.available?.status
      since = status == "True" ? since ?? now : nil
      failingSince = status == "False" ? failingSince ?? now : nil
      if let since, now - since >= timing.settle {
        do throws(APIError) {
          _ = try await client.accepted(APIRequest(.get, version.path))
          return
        } catch {
          trouble = "GET \(version.path): \(error)"
        }
      }
      guard now < deadline, failingSince.map({ now - $0 < timing.patience }) ?? true else {
        throw AdoptionError("APIService \(version.apiServiceName) does not become available: \(trouble)")
      }
      try await sleep(timing.pollInterval)
    }
  }

  func sleep(_ duration: Duration) async throws(AdoptionError) {
    do { try await Task.sleep(for: duration) } catch { throw AdoptionError("interrupted") }
  }

  /// Makes autoscalers ask another version of the group, and waits until they do: then it can be deleted.
  func retire(_ version: MetricsGroupVersion, of router: RouterAddress) async throws(AdoptionError) {
    let state = try await state(version)
    guard let document = state.restorable, let spec = document["spec"] else { return }
    let retired = document.setting("spec", to: spec.setting("versionPriority", to: .int(1)))
    try await change(version, to: retired) { $0.isOwned(by: router) }
    try await sleep(timing.grace)
  }
}
