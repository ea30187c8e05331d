# Fifty sources that hang at once: their callers are told in time, then spared; nobody else waits.
# shellcheck shell=bash

# add_hung_sources - all of one listener, which is well at first. Each claims a metric of its own.
add_hung_sources() {
  local index flags=()
  echo pass > "$work/hung.mode"
  if ! is_running hung; then
    for ((index = 1; index <= hung; index++)); do flags+=("--custom=pods/hung-$index=1"); done
    launch hung "$products/sample-adapter" --port="${port[hung]}" --name=hung "${flags[@]}"
    launch hung-list "$products/sample-adapter" --port="${port[hung_list]}" --name=hung-list --custom=pods/unused=1
    launch_python hung-proxy "$here/faults/proxy.py" "${port[hung_proxy]}" "${port[hung]}" "$work/hung.mode"
    for ((index = 1; index <= hung; index++)); do
      source_manifest "hung-$index" 100 "claims: [{metricType: CustomMetrics, metrics: [hung-$index]}]"
      echo ---
    done | kubectl apply -f - >> "$work/install.log" || return 1
  fi
}
# ends_in_time MODE - one request to each of the fifty at the same time: all end by the deadline of two seconds.
ends_in_time() {
  local began took
  echo "$1" > "$work/hung.mode"
  sleep 1
  began=${EPOCHREALTIME/./}
  ask_each
  took=$(((${EPOCHREALTIME/./} - began) / 1000))
  echo "$(grep -c ^504 "$work/hung.said") of $hung answered 504, the last after $(sort -k2 -n "$work/hung.said" | tail -n 1 | cut -d' ' -f2) s"
  cut -d' ' -f1 "$work/hung.said" | sort | uniq -c
  (($(grep -c ^504 "$work/hung.said") == hung && took < 4000))
}
# opens_breakers - after five failures the source is not asked: the answer comes at once, and says why.
opens_breakers() {
  local got quick
  echo stall > "$work/hung.mode"
  serve --workers=1 --backend-coalesce-requests=false
  ask_each 6
  ask_each
  quick=$(awk '$1 == 503 && $2 < 0.5 { count++ } END { print count + 0 }' "$work/hung.said")
  got=$(ask "$pods/web-0/hung-1")
  echo "$quick of $hung answered 503 at once, $(server_metric metrics_router_backend_breakers_open) breakers open"
  echo "$got"
  ((quick == hung)) && [[ $got == *"metrics source hung-1"* ]]
}
# ask_each [TIMES] - a request to each of the fifty, so many times, all at once over a few connections.
ask_each() {
  curl -sk -Z --parallel-max 300 --max-time 10 -o /dev/null -w '%{http_code} %{time_total}\n' \
    -H "Authorization: Bearer $token" \
    "https://127.0.0.1:${port[server]}$pods/web-0/hung-[1-$hung]?turn=[1-${1:-1}]" > "$work/hung.said" 2> /dev/null || true
}
# ask_each_of hung|well - fifty requests at once, to as many sources or to one, for a second at most.
ask_each_of() {
  local path="hung-[1-$hung]"
  [[ $1 == hung ]] || path="left-1?[1-$hung]"
  curl -sk -Z --parallel-max 50 --max-time 1 -o /dev/null -H "Authorization: Bearer $token" \
    "https://127.0.0.1:${port[server]}$pods/web-0/$path" || true
}
are_answered_again() {
  echo pass > "$work/hung.mode"
  wait_until 40 each_is_answered || { sort "$work/hung.said" | cut -d' ' -f1 | uniq -c; return 1; }
  echo "all $hung answered again"
}
each_is_answered() { ask_each; [[ $(grep -c ^200 "$work/hung.said") == "$hung" ]]; }

hung=50
need_cluster
for ((index = 1; index <= hung; index++)); do
  server_connect_to+=("--connect-to=adapter.hung-$index.svc:443:127.0.0.1:${port[hung_proxy]}")
  controller_connect_to+=("--connect-to=adapter.hung-$index.svc:443:127.0.0.1:${port[hung_list]}")
done
finish controller
add_hung_sources
start_controller
serve --workers=2 -v=0
row "$hung sources are added" "each synced ≤ 20 s" wait_until 20 are_synced $((hung + 5))
row "$hung sources hang" "each request ended by its deadline of 2 s" ends_in_time stall
row "others, beside callers of $hung sources that hang" "0 failed, p99 within 10 % or 1 ms of sources that are well" \
  others_notice_nothing "ask_each_of well" "ask_each_of hung"
row "$hung sources that go on hanging" "breaker open: 503 at once, with the source's name" opens_breakers
row "$hung sources that answer again" "asked again ≤ 40 s" are_answered_again
row "$hung sources send a byte a second" "each request ended by its deadline of 2 s" ends_in_time trickle
row "they answer again" "asked again ≤ 40 s" are_answered_again
for ((index = 1; index <= hung; index++)); do echo "hung-$index"; done | xargs kubectl delete ms > /dev/null
