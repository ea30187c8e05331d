import MetricsAPI

/// What a caller asks of whichever source answers it: already authorized, without a pin.
struct MetricRead {
  let target: BackendTarget
  let presentation: Presentation

  var request: MetricRequest { target.request }
  var query: MetricQuery { target.query }
}
