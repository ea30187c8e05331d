import FoundationEssentials
import Kubernetes
import MetricsAPI
import TLS

/// Reads the APIServices of the metrics APIs, and writes whom API servers trust for them.
struct APIServiceTrust: Sendable {
  /// What keeps one from being read or written, with what to do about it.
  struct Trouble: Error, Equatable, CustomStringConvertible {
    var description: String
    /// Somebody else has written meanwhile.
    var isConflict = false
    /// How long the API server wants to be left alone.
    var retryAfterSeconds: Int?
  }

  private struct Patch: Encodable {
    struct Metadata: Encodable {
      var resourceVersion: String
    }

    /// The two exclude one another: the API server refuses a `caBundle` beside `insecureSkipTLSVerify: true`.
    struct Spec: Encodable {
      enum Key: String, CodingKey { case caBundle, insecureSkipTLSVerify }

      var caBundle: String

      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(caBundle, forKey: .caBundle)
        try container.encodeNil(forKey: .insecureSkipTLSVerify)
      }
    }

    var metadata: Metadata
    var spec: Spec
  }

  let client: any APIClient

  /// Nil where there is none.
  func read(_ version: MetricsGroupVersion, within timeout: Duration) async throws(Trouble) -> APIService? {
    do throws(APIError) {
      return try await client.get(APIService.self, version.apiServicePath, timeout: timeout)
    } catch {
      guard error.code != 404 else { return nil }
      throw Self.trouble("get", version, error)
    }
  }

  /// Returns it as the write has left it.
  func write(
    _ trusted: [Certificate], to version: MetricsGroupVersion, over found: APIService, within timeout: Duration
  ) async throws(Trouble) -> APIService {
    let bundle: String
    do throws(TLSError) {
      bundle = Data(try trusted.pem).base64EncodedString()
    } catch {
      throw Trouble(description: Self.failure("patch", version, "\(error)"))
    }
    let patch = Patch(
      metadata: .init(resourceVersion: found.metadata.resourceVersion ?? ""), spec: .init(caBundle: bundle))
    do throws(APIError) {
      return try await client.patch(APIService.self, version.apiServicePath, patch, timeout: timeout)
    } catch {
      throw Self.trouble("patch", version, error)
    }
  }

  private static func failure(_ verb: String, _ version: MetricsGroupVersion, _ cause: String) -> String {
    "cannot \(verb) APIService \(version.apiServiceName), trying again: \(cause)"
  }

  private static func trouble(_ verb: String, _ version: MetricsGroupVersion, _ error: APIError) -> Trouble {
    guard error.code == 403 else {
      return Trouble(
        description: failure(verb, version, error.timelessDescription), isConflict: error.code == 409,
        retryAfterSeconds: error.retryAfterSeconds)
    }
    return Trouble(
      description:
        "this controller may not \(verb) APIService \(version.apiServiceName), whose caBundle it looks after: \(error). Grant it get and patch"
        + " on that APIService, as the ClusterRole metrics-router-ca-bundle does")
  }
}
