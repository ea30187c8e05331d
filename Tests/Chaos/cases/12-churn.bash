# Sources and connections come and go for a long time: nothing is left of them.
# shellcheck shell=bash

# stays_flat MINUTES - memory and descriptors of both processes, once they are warm.
stays_flat() {
  local seconds=$(($1 * 60)) seed=${CHAOS_SEED:-$RANDOM} said status=0
  serve --workers=2
  launch_python churn "$here/callers/churn.py" "$apiserver_port" "$pki" "$seed" "$seconds" 5
  launch churn-connections wrk_on "$seconds" 4 "$pods/*/steady" -H "Connection: close"
  launch churn-h2 h2_connections "$seconds"
  said=$(python_seconds=$((seconds + 60)) python "$here/callers/flatness.py" "$seconds" \
    server="${process_ids[server]}" controller="${process_ids[controller]}") || status=$?
  wait "${process_ids[churn]}" || { tail -n 3 "$work/logs/churn.log"; return 1; }
  wait "${process_ids[churn-connections]}" || return 1
  wait "${process_ids[churn-h2]}" || true
  echo "$(tail -n 1 "$work/logs/churn.log"), $(of "$(tail -n 1 "$work/logs/churn-connections.log")" requests) connections; $said"
  tail -n 1 "$work/logs/churn-connections.log"
  kubectl get ms -o name | grep churn- | xargs -r kubectl delete > /dev/null
  ((status == 0)) && (($(of "$(tail -n 1 "$work/logs/churn-connections.log")" lost) + $(of "$(tail -n 1 "$work/logs/churn-connections.log")" wrong) == 0))
}
# Connections of HTTP/2 with a few requests each, one after another.
h2_connections() {
  local end=$((SECONDS + $1))
  while ((SECONDS < end)); do
    timeout 10 h2load -n 40 -c 4 -m 5 -H "Authorization: Bearer $token" "https://127.0.0.1:${port[server]}$pods/*/turn" > /dev/null 2>&1
    sleep 0.2
  done
}

minutes=${CHURN_MINUTES:-$(number 10 1)}
need_cluster
row "churn of sources and connections for $minutes min" "0 failed, memory and descriptors flat once warm" stays_flat "$minutes"
