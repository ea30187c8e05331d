import MetricsAPI

/// What a caller asks of whichever source answers it: already authorized, without a pin.
struct MetricRead {
  let request: MetricRequest
  let query: MetricQuery
  let presentation: Presentation
}
