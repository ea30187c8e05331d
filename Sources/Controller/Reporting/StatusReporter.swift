import Kubernetes

/// Tells the world what was found out about a source.
protocol StatusReporter: Sendable {
  /// Throws a description of what went wrong; the controller tries again.
  func report(_ status: MetricsSourceStatus, of source: MetricsSource) async throws(ReportError)
  /// The source is gone.
  func forget(_ name: String) async
  /// Nothing more is told; what waits to be written is written.
  func stop() async
}

/// A status that could not be told.
struct ReportError: Error, CustomStringConvertible {
  var description: String
}

/// Writes the status subresource, by merge patch: the leader alone writes it, so no version needs to match.
struct ClusterStatusReporter: StatusReporter {
  private struct Patch: Encodable {
    var status: ExplicitStatus
  }

  /// A merge patch removes a field only where it says null (RFC 7396, section 2).
  private struct ExplicitStatus: Encodable {
    private enum Key: String, CodingKey {
      case synced, metricsCount, listedMetrics, claims, service, port, observedGeneration, lastSyncTime, placeholder,
        conditions, shadow
    }

    var status: MetricsSourceStatus

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(status.synced, forKey: .synced)
      try container.encode(status.metricsCount, forKey: .metricsCount)
      try container.encode(status.listedMetrics, forKey: .listedMetrics)
      try container.encode(status.claims, forKey: .claims)
      try container.encode(status.service, forKey: .service)
      try container.encode(status.port, forKey: .port)
      try container.encode(status.observedGeneration, forKey: .observedGeneration)
      try container.encode(status.lastSyncTime, forKey: .lastSyncTime)
      try container.encode(status.placeholder, forKey: .placeholder)
      try container.encode(status.conditions, forKey: .conditions)
      try container.encode(status.shadow, forKey: .shadow)
    }
  }

  /// What the server made of the patch is not looked at: the watch tells.
  private struct Ignored: Decodable {}

  let client: any APIClient
  let group: String
  var leadership = Leadership.always

  func report(_ status: MetricsSourceStatus, of source: MetricsSource) async throws(ReportError) {
    guard let time = leadership.remaining else {
      throw ReportError(description: "status of MetricsSource \(source.name): \(Leadership.lapsed)")
    }
    let path = "/apis/\(group)/\(MetricsSource.version)/\(MetricsSource.plural)/\(source.name)/status"
    do throws(APIError) {
      _ = try await client.patch(Ignored.self, path, Patch(status: ExplicitStatus(status: status)), timeout: time)
    } catch {
      // Deleted meanwhile: there is nobody to tell.
      if error.code == 404 { return }
      throw ReportError(description: "status of MetricsSource \(source.name): \(error)")
    }
  }

  func forget(_ name: String) {}

  func stop() {}
}
