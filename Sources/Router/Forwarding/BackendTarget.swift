import MetricsAPI

/// What sources are asked for a metric: path and query, made of the parsed request alone, never of the bytes that the caller
/// sent, so that what was authorized is what is asked. Belongs to one event loop.
final class BackendTarget {
  let request: MetricRequest
  /// Without a pin.
  let query: MetricQuery
  /// The last one made: sources mostly speak the version that callers ask for.
  private var made: (version: MetricsGroupVersion, text: String)?
  /// Who is asked for it at this moment.
  var flights: [Flight] = []

  init(_ request: MetricRequest, _ query: MetricQuery) {
    self.request = request
    self.query = query
  }

  /// For a source that speaks `version`, which is of the request's group.
  func text(for version: MetricsGroupVersion) -> String {
    if let made, made.version == version { return made.text }
    var text = request.path(for: version)
    let encoded = query.encoded()
    if !encoded.isEmpty {
      text.append("?")
      text.append(encoded)
    }
    made = (version, text)
    return text
  }
}
