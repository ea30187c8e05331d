# The end of a server that is busy.
# shellcheck shell=bash

chapter "the end"

drain_port=${ports[1]}
drained_server=(--workers=2 --shutdown-delay-duration=1s --shutdown-timeout=8s)

# ends SECONDS - on SIGTERM, with status 0, within that time.
ends() {
  local from=${EPOCHREALTIME/./} status=0
  finish drained || status=$?
  local took=$(((${EPOCHREALTIME/./} - from) / 1000))
  echo "status $status after $took ms"
  ((status == 0 && took <= $1 * 1000))
}
has_succeeded() { wait "${process_ids[$1]}" || { cat "$work/logs/$1.log"; return 1; }; head -n 3 "$work/logs/$1.log"; }

start_server drained "$drain_port" "${drained_server[@]}"
for caller in obedient last_word; do
  launch "$caller" env PYTHONPATH="$here" PYTHONDONTWRITEBYTECODE=1 timeout 30 /usr/bin/python3 \
    "$here/callers/$caller.py" "$drain_port" "$pods/foo"
done
are_connected() { (($(ss -Htn state established "( sport = :$drain_port )" | wc -l) >= 13)); }
wait_until 10 are_connected || true
sleep 1
expect "on SIGTERM under load the server ends within the delay, the notice and the grace period" ends 6
expect "callers that obey GOAWAY and Connection: close have not lost a request" has_succeeded obedient
expect "what is opened between the first GOAWAY and the last is answered" has_succeeded last_word

ends_at_once() {
  local id=${process_ids[drained]} status=0 from
  ask_slowly &
  kill -TERM "$id"
  sleep 0.3
  from=${EPOCHREALTIME/./}
  kill -TERM "$id"
  wait "$id" || status=$?
  process_ids[drained]=
  local took=$(((${EPOCHREALTIME/./} - from) / 1000))
  echo "status $status after $took ms"
  ((status == 1 && took <= 500))
}
ask_slowly() { port=$drain_port ask "$pods/stall" > /dev/null || true; }

start_server drained "$drain_port" "${drained_server[@]}"
expect "a second signal ends it at once" ends_at_once
