# The server is told to end while it is busy.
# shellcheck shell=bash

# ends_under_load - readiness fails first, callers that do as they are told lose nothing, and it ends in time.
ends_under_load() {
  local id status=0 began took answered
  serve --workers=2 --shutdown-delay-duration=2s --shutdown-timeout=8s --anonymous-auth
  launch_python obedient "$peers/callers/obedient.py" "${port[server]}" "$pods/web-0/steady"
  sleep 1
  id=${process_ids[server]}
  began=${EPOCHREALTIME/./}
  kill -TERM "$id"
  sleep 0.5
  # Not ready, and yet it serves: whoever still comes is answered.
  [[ $(status_of /readyz) == 5?? && $(status_of "$pods/web-0/steady") == 200 ]] || { echo "ready $(status_of /readyz), metric $(status_of "$pods/web-0/steady")"; return 1; }
  wait "$id" || status=$?
  took=$(((${EPOCHREALTIME/./} - began) / 1000))
  process_ids[server]=
  wait "${process_ids[obedient]}" || { tail -n 8 "$work/logs/obedient.log"; return 1; }
  answered=$(grep answered "$work/logs/obedient.log" | tail -n 1)
  echo "$answered, not ready at once, ended with status $status after $took ms"
  ((status == 0 && took <= 10500))
}

need_cluster
times=$(number 20 1)
for ((turn = 1; turn <= times; turn++)); do
  row "SIGTERM under load ($turn)" "readiness first, 0 failed, ended ≤ 10 s of delay and grace" ends_under_load
done
