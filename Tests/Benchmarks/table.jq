# The medians as a table of Markdown, each with its ratio to nginx.
def tenth: . * 10 | round / 10;
def ratio($to): if $to then . / $to * 100 | round / 100 else "–" end;
(.subjects | map(select(.subject == "nginx").median)[0]) as $nginx
| "TLS to TLS, one worker, \(.connections) connections, medians of \(.subjects[0].rounds) rounds of \(.secondsPerRound) s; \(.machine), nginx \(.nginx)",
  "",
  "| subject | CPU µs/request | × nginx | requests/s | × nginx | p50 µs | p99 µs | errors |",
  "|---|---:|---:|---:|---:|---:|---:|---:|",
  (.subjects[]
   | "| \(.subject) | \(.median.cpuMicrosecondsPerRequest | tenth) | \(.median.cpuMicrosecondsPerRequest | ratio($nginx.cpuMicrosecondsPerRequest)) | \(.median.requestsPerSecond | round) | \(.median.requestsPerSecond | ratio($nginx.requestsPerSecond)) | \(.median.p50Microseconds) | \(.median.p99Microseconds) | \(.errors) |")
