import FoundationEssentials
import Kubernetes
import Routing
import YAML

extension MetricsSource {
  private enum CodingKeys: String, CodingKey {
    case apiVersion
    case kind
    case metadata
    case spec
    case status
  }

  /// Throws only where there is no metadata: whatever else cannot be read is the author's to correct, see ``malformed``.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
    apiVersion = try? container.decodeIfPresent(String.self, forKey: .apiVersion)
    kind = try? container.decodeIfPresent(String.self, forKey: .kind)
    // A status of another version of this program: it will be written anew.
    status = try? container.decodeIfPresent(MetricsSourceStatus.self, forKey: .status)
    do {
      spec = try container.decode(MetricsSourceSpec.self, forKey: .spec)
    } catch {
      spec = MetricsSourceSpec(
        priority: 0, metricTypes: [], service: MetricsSourceSpec.Service(namespace: "", name: "", port: .number(0)))
      malformed = (error as? DecodingError)?.fieldAndCause ?? "\(error)"
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(apiVersion, forKey: .apiVersion)
    try container.encodeIfPresent(kind, forKey: .kind)
    try container.encode(metadata, forKey: .metadata)
    try container.encode(spec, forKey: .spec)
    try container.encodeIfPresent(status, forKey: .status)
  }
}
