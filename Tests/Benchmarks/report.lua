-- Prints what wrk measured as one line of JSON, the last of its output.
function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"bytes":%.0f,"expectedBytes":%d,"errors":%d,"requestsPerSecond":%.0f,"p50Microseconds":%d,"p99Microseconds":%d}\n',
    summary.requests, summary.bytes, tonumber(os.getenv("EXPECTED_BYTES")),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    summary.requests / summary.duration * 1e6, latency:percentile(50), latency:percentile(99)))
end
