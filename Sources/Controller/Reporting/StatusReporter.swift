import Kubernetes

/// Tells the world what was found out about a source.
protocol StatusReporter: Sendable {
  /// Throws a description of what went wrong; the controller tries again.
  func report(_ status: MetricsSourceStatus, of source: MetricsSource) async throws(ReportError)
  /// The source is gone.
  func forget(_ name: String) async
}

/// A status that could not be told.
struct ReportError: Error, CustomStringConvertible {
  var description: String
}

/// Writes the status subresource, by merge patch: nobody else writes it, so no version needs to match.
struct ClusterStatusReporter: StatusReporter {
  private struct Patch: Encodable {
    var status: MetricsSourceStatus
  }

  let client: any APIClient
  let group: String

  func report(_ status: MetricsSourceStatus, of source: MetricsSource) async throws(ReportError) {
    let path = "/apis/\(group)/\(MetricsSource.version)/\(MetricsSource.plural)/\(source.name)/status"
    do throws(APIError) {
      _ = try await client.patch(MetricsSource.self, path, Patch(status: status))
    } catch {
      // Deleted meanwhile: there is nobody to tell.
      if error.code == 404 { return }
      throw ReportError(description: "status of MetricsSource \(source.name): \(error)")
    }
  }

  func forget(_ name: String) {}
}
