# The medians as a table of Markdown, each with its ratio to nginx under the same load.
def tenth: . * 10 | round / 10;
def ratio($to): if $to then . / $to * 100 | round / 100 else "–" end;
.subjects as $subjects
| "TLS to TLS, one worker, \(.connections) requests at once, medians of \(.subjects[0].rounds) rounds of \(.secondsPerRound) s; \(.machine), nginx \(.nginx)",
  "",
  "| callers speak | subject | CPU µs/request | × nginx | requests/s | × nginx | p50 µs | p99 µs | errors |",
  "|---|---|---:|---:|---:|---:|---:|---:|---:|",
  (.subjects[]
   | .load as $load
   | ($subjects | map(select(.subject == "nginx" and .load == $load).median)[0]) as $nginx
   | "| \(.load) | \(.subject) | \(.median.cpuMicrosecondsPerRequest | tenth) | \(.median.cpuMicrosecondsPerRequest | ratio($nginx.cpuMicrosecondsPerRequest)) | \(.median.requestsPerSecond | round) | \(.median.requestsPerSecond | ratio($nginx.requestsPerSecond)) | \(.median.p50Microseconds) | \(.median.p99Microseconds) | \(.errors) |")
