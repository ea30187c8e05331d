# Processes that this run starts, and waiting for them. Each is ended by its own id, and every wait is bounded.
# shellcheck shell=bash

started=()
# The process that `start` started last.
last_started=

# start LOG COMMAND... - runs COMMAND in the background with its output in LOG.
start() {
  local log=$1
  shift
  "$@" > "$log" 2>&1 < /dev/null &
  last_started=$!
  started+=("$last_started")
}

# stop ID - asks a process to end, and insists after five seconds.
stop() {
  kill -TERM "$1" 2> /dev/null || return 0
  timeout 5 tail --pid="$1" -f /dev/null || kill -KILL "$1" 2> /dev/null || true
  wait "$1" 2> /dev/null || true
}

stop_all() {
  local id
  for id in "${started[@]}"; do stop "$id"; done
  started=()
}

# fail MESSAGE LOG... - ends the run, showing the ends of the logs.
fail() {
  echo "benchmark: $1" >&2
  shift
  local log
  for log in "$@"; do tail -n 20 "$log" >&2; done
  exit 1
}

# free_ports COUNT - that many TCP ports that nobody listens on.
free_ports() {
  python3 -c '
import socket, sys
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in sockets))' "$1"
}

# fetch PORT PATH FILE - writes what is answered there.
fetch() {
  curl -sf -A benchmark --max-time 2 --cacert "$work/certificate.pem" -H "Authorization: Bearer $token" -o "$3" \
    "https://localhost:$1$2"
}

# size_of FILE - in bytes.
size_of() { stat -c %s "$1"; }

# await NAME PORT LOG... - until the metric is answered on PORT, by the process started last, exactly as the backend
# answers it; at most 20 seconds.
await() {
  local name=$1 port=$2 deadline=$((SECONDS + 20))
  shift 2
  while ((SECONDS < deadline)); do
    if fetch "$port" "$metric_path" "$work/answer" && cmp -s "$work/answer" "$work/metric.json"; then return; fi
    kill -0 "$last_started" 2> /dev/null || fail "$name has ended" "$@"
    sleep 0.1
  done
  fail "$name does not answer the metric within 20 s" "$@"
}
