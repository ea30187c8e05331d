/// How the candidates of a request are asked one after another.
struct ChainSettings: Sendable {
  /// For a request with all the sources that it falls through to.
  var requestTimeout = Duration.seconds(60)
  /// How long a source that falls through is not asked again for what it did not know; zero asks each time.
  var unknownMetricLifetime = Duration.seconds(30)
  /// Whether those who ask for the same at the same time share one request to the source.
  var coalesces = true
}
