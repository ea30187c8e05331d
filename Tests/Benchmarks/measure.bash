# One round of load on one subject, and what it cost.
# shellcheck shell=bash

# cpu_ticks ID - user and system time of a process, all its threads, in clock ticks (proc_pid_stat(5), fields 14 and 15).
cpu_ticks() {
  local stat
  stat=$(< "/proc/$1/stat")
  # The name of the program, in parentheses, may hold anything: fields are counted after it.
  read -ra stat <<< "${stat##*) }"
  echo $((stat[11] + stat[12]))
}

# measure SCENARIO LABEL SUBJECT COMMAND... - runs COMMAND, which ends with a line of JSON on what it saw, and adds a line
# to the runs: that, and what it cost the process of SUBJECT.
measure() {
  local scenario=$1 label=$2 subject=$3 before after
  shift 3
  echo "round $round of $rounds: $scenario: $label on $subject" >&2
  before=$(cpu_ticks "${process[$subject]}") || fail "$subject has ended" "$work/$subject.log"
  "$@" > "$work/load.log" 2>&1 || fail "the load failed on $subject" "$work/load.log"
  after=$(cpu_ticks "${process[$subject]}") || fail "$subject has ended" "$work/$subject.log"
  tail -n 1 "$work/load.log" > "$work/load.json"
  # wrk does not count bytes beyond 2^31.
  jq -e '.requests > 0 and .errors == 0 and .bytes >= ([.requests * .expectedBytes, 2147483647] | min)' "$work/load.json" > /dev/null \
    || fail "$subject failed requests or answered with less than it should" "$work/load.log"
  jq -c --arg scenario "$scenario" --arg its_label "$label" --arg subject "$subject" \
    --argjson ticks $((after - before)) --argjson hertz "$(getconf CLK_TCK)" \
    '{scenario: $scenario, label: $its_label, subject: $subject, cpuMicroseconds: ($ticks * 1e6 / $hertz)} + .
     | .cpuMicrosecondsPerRequest = .cpuMicroseconds / .requests' "$work/load.json" | tee -a "$work/runs.jsonl" >&2
}

# http1 PORT PATH SIZE - HTTP/1.1, one request at a time on each connection; SIZE is what an answer has at least.
http1() {
  local fields=() field
  for field in "${callers_fields[@]}"; do fields+=(-H "$field"); done
  EXPECTED_BYTES=$3 timeout $((seconds + 30)) wrk -t1 "-c$connections" "-d${seconds}s" --timeout 5s \
    -H "Authorization: Bearer $token" "${fields[@]}" -s "$here/report.lua" "https://localhost:$1$2"
}

# http2 PORT PATH SIZE - HTTP/2, as many requests on a few connections, as an API server has them.
http2() { h2load_with "$1" "$2" "$3" "-c$((connections / 8))" -m8; }

# paced PROTOCOL PORT PATH SIZE RATE CONNECTIONS - that many requests a second in all, one at a time on each connection.
paced() {
  local flags=("-c$6" -m1 "--rps=$(awk "BEGIN { print $5 / $6 }")")
  [[ $1 == http1 ]] && flags+=(--h1)
  h2load_with "$2" "$3" "$4" "${flags[@]}"
}

h2load_with() {
  local port=$1 path=$2 size=$3 fields=() field
  shift 3
  for field in "${callers_fields[@]}"; do fields+=(-H "$field"); done
  rm -f "$work/requests.tsv"
  timeout $((seconds + 30)) h2load -t1 "-D$seconds" --log-file="$work/requests.tsv" "$@" \
    -H "Authorization: Bearer $token" "${fields[@]}" "https://localhost:$port$path" || return
  sort -n -k3,3 "$work/requests.tsv" \
    | awk -v seconds="$seconds" -v log_file="$work/load.log" -v size="$size" -f "$here/h2load.awk"
}
