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

# measure SUBJECT - a line of JSON: what wrk saw, and what it cost the process.
measure() {
  local before after
  before=$(cpu_ticks "${process[$1]}") || fail "$1 has ended" "$work/$1.log"
  timeout $((seconds + 30)) wrk -t1 "-c$connections" "-d${seconds}s" --timeout 5s -H "Authorization: Bearer $token" \
    -s "$here/report.lua" "https://localhost:${port[$1]}$metric_path" > "$work/wrk.log" \
    || fail "wrk failed on $1" "$work/wrk.log"
  after=$(cpu_ticks "${process[$1]}") || fail "$1 has ended" "$work/$1.log"
  tail -n 1 "$work/wrk.log" > "$work/wrk.json"
  jq -e --argjson size "$(stat -c %s "$work/metric.json")" \
    '.requests > 0 and .errors == 0 and .bytes >= .requests * $size' "$work/wrk.json" > /dev/null \
    || fail "$1 failed requests or answered with less than the backend did" "$work/wrk.log"
  jq -c --arg subject "$1" --argjson ticks $((after - before)) --argjson hertz "$(getconf CLK_TCK)" \
    '{subject: $subject, cpuMicroseconds: ($ticks * 1e6 / $hertz)} + .
     | .cpuMicrosecondsPerRequest = .cpuMicroseconds / .requests' "$work/wrk.json"
}
