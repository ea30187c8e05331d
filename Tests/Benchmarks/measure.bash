# One round of load on one subject.
# shellcheck shell=bash

# cpu_ticks ID - user and system time of a process, all its threads, in clock ticks (proc_pid_stat(5), fields 14 and 15).
cpu_ticks() {
  local stat
  stat=$(< "/proc/$1/stat")
  # The name of the program, in parentheses, may hold anything: fields are counted after it.
  read -ra stat <<< "${stat##*) }"
  echo $((stat[11] + stat[12]))
}

# measure SUBJECT LOAD - a line of JSON: what the load saw, and what it cost the process.
measure() {
  local before after
  before=$(cpu_ticks "${process[$1]}") || fail "$1 has ended" "$work/$1.log"
  "load_$2" "$1" > "$work/load.log" 2>&1 || fail "the load failed on $1" "$work/load.log"
  after=$(cpu_ticks "${process[$1]}") || fail "$1 has ended" "$work/$1.log"
  tail -n 1 "$work/load.log" > "$work/load.json"
  jq -e --argjson size "$(stat -c %s "$work/metric.json")" \
    '.requests > 0 and .errors == 0 and .bytes >= .requests * $size' "$work/load.json" > /dev/null \
    || fail "$1 failed requests or answered with less than the backend did" "$work/load.log"
  jq -c --arg subject "$1" --arg load "$2" --argjson ticks $((after - before)) --argjson hertz "$(getconf CLK_TCK)" \
    '{subject: $subject, load: $load, cpuMicroseconds: ($ticks * 1e6 / $hertz)} + .
     | .cpuMicrosecondsPerRequest = .cpuMicroseconds / .requests' "$work/load.json"
}

# HTTP/1.1, one request at a time on each connection.
load_http1() {
  timeout $((seconds + 30)) wrk -t1 "-c$connections" "-d${seconds}s" --timeout 5s \
    -H "Authorization: Bearer $token" -s "$here/report.lua" "https://localhost:${port[$1]}$metric_path"
}

# HTTP/2, as many requests on a few connections, as an API server has them.
load_http2() {
  rm -f "$work/requests.tsv"
  timeout $((seconds + 30)) h2load -t1 "-c$((connections / 8))" -m8 "-D$seconds" --log-file="$work/requests.tsv" \
    -H "Authorization: Bearer $token" "https://localhost:${port[$1]}$metric_path" || return
  sort -n -k3,3 "$work/requests.tsv" | awk -v seconds="$seconds" -v log_file="$work/load.log" '
    { times[NR] = $3; if ($2 != 200) errors++ }
    END {
      while ((getline line < log_file) > 0)
        if (match(line, /\([0-9]+\) data/)) bytes = substr(line, RSTART + 1, RLENGTH - 7)
      printf "{\"requests\":%d,\"bytes\":%d,\"errors\":%d,\"requestsPerSecond\":%.0f,", NR, bytes, errors, NR / seconds
      printf "\"p50Microseconds\":%d,\"p99Microseconds\":%d}\n", times[int((NR + 1) / 2)], times[int(NR * 0.99 + 0.5)]
    }'
}
