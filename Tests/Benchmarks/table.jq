# The figures beside their goals, and the medians they come from, as tables of Markdown.
def hundredth: . * 100 | round / 100;
def tenth: . * 10 | round / 10;
def ratio($to): if $to then . / $to | hundredth else "–" end;
.medians as $medians
| "TLS to TLS, one worker, \(.connections) requests at once, medians of \($medians[0].rounds) rounds of \(.secondsPerRound) s; \(.machine), nginx \(.nginx)",
  "",
  "| figure | goal | must | measured |",
  "|---|---:|---:|---:|",
  (.figures[] | "| \(.name) | \(.goal) | \(.must) | \(.measured | hundredth) \(.unit) |"),
  "",
  "| scenario | of | subject | CPU µs/request | × nginx | requests/s | × nginx | p50 µs | p99 µs |",
  "|---|---|---|---:|---:|---:|---:|---:|---:|",
  ($medians[]
   | . as $own
   | (first($medians[] | select(.subject == "nginx" and .scenario == $own.scenario and .label == $own.label).median) // null) as $nginx
   | "| \(.scenario) | \(.label) | \(.subject) | \(.median.cpuMicrosecondsPerRequest | tenth) | \(.median.cpuMicrosecondsPerRequest | ratio($nginx.cpuMicrosecondsPerRequest)) | \(.median.requestsPerSecond | round) | \(.median.requestsPerSecond | ratio($nginx.requestsPerSecond)) | \(.median.p50Microseconds) | \(.median.p99Microseconds) |")
