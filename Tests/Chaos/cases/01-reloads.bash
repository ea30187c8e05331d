# The routing table changes all the time, and nobody notices but by the answers.
# shellcheck shell=bash

# Patterns of Lua for what the two sources answer, each as a whole: three pods, all with its value.
ones='^.-"value":"1".-"value":"1".-"value":"1"'
twos='^.-"value":"2".-"value":"2".-"value":"2"'

# changes_priorities COUNT - at the API server; controller and server do the rest.
changes_priorities() {
  local count=$1 said streams swaps before after
  before=$(server_metric 'metrics_router_table_reloads_total{result="loaded"')
  launch swaps-load wrk_load_of_turns $((count / 10 + 1))
  launch swaps-streams streams $((count / 10 + 1)) 200 "$pods/*/turn"
  swaps=$(python_seconds=$((count / 2 + 60)) python "$here/callers/swaps.py" "$apiserver_port" "$pki/admin.crt" "$pki/admin.key" \
    "${port[server]}" "$work/token" "$snapshot" "$count" 10) || { echo "$swaps"; return 1; }
  wait "${process_ids[swaps-load]}" && wait "${process_ids[swaps-streams]}" || return 1
  said=$(tail -n 1 "$work/logs/swaps-load.log")
  streams=$(tail -n 1 "$work/logs/swaps-streams.log")
  after=$(server_metric 'metrics_router_table_reloads_total{result="loaded"')
  echo "$((after - before)) tables at $(of "$swaps" rate)/s, $(of "$said" requests) answers, $(of "$streams" requests) streams, $(($(of "$said" wrong) + $(of "$streams" failed))) wrong, $(of "$said" lost) lost, seen after ≤ $(of "$swaps" slowestSeconds) s"
  echo "$swaps"
  echo "$said"
  (($(of "$said" wrong) + $(of "$streams" failed) == 0 && $(of "$said" lost) == 0 && after - before >= count * 9 / 10))
}
# changes_priorities_seen COUNT - where nobody was answered wrongly and a change was only late, the machine may have been
# busy with something else: then again, twice at most.
changes_priorities_seen() {
  local try
  for try in 1 2 3; do
    if changes_priorities "$1" > "$work/changes.said"; then break; fi
    if ((try == 3)) || ! grep -q '^{"changes".*"failed": 0,' "$work/changes.said" || grep -qE ' [1-9][0-9]* (wrong|lost)' "$work/changes.said"; then
      cat "$work/changes.said"
      return 1
    fi
    wait "${process_ids[swaps-load]}" "${process_ids[swaps-streams]}" || true
  done
  cat "$work/changes.said"
}
wrk_load_of_turns() { ALLOWED=$ones$'\n'$twos wrk_on "$1" 32 "$pods/*/turn"; }

# replaces_files COUNT - the two tables take turns in the volume, while discovery is asked: each document is one of the two.
replaces_files() {
  local count=$1 kept turn said before after wanted slowest=0
  finish controller
  for kept in with without; do
    kubectl apply -f - <<< "$(source_manifest right "$([[ $kept == with ]] && echo 50 || echo 20)")" > /dev/null
    [[ $kept == with ]] || kubectl delete ms right > /dev/null
    start_controller
    [[ $kept == with ]] && wanted=5 || wanted=4
    if ! wait_until 10 are_synced "$wanted" || ! wait_until 5 table_lists "$wanted"; then
      echo "no table $kept"
      return 1
    fi
    finish controller
    cp "$snapshot" "$work/table-$kept.json"
    wait_until 3 discovery_is "$kept"
    ask "$custom" -A wrk > /dev/null
    cp "$work/asked.body" "$work/discovery-$kept"
  done
  ! cmp -s "$work/discovery-with" "$work/discovery-without" || { echo "both tables are discovered alike"; return 1; }
  before=$(server_metric 'metrics_router_table_reloads_total{result="loaded"')
  launch discovery-load load_of_discovery $((count / 10 + 1))
  for ((turn = 0; turn < count; turn++)); do
    ((turn % 2 == 0)) && kept=with || kept=without
    cp "$work/table-$kept.json" "$work/snapshot/next" && mv "$work/snapshot/next" "$snapshot"
    sleep 0.09
  done
  wait "${process_ids[discovery-load]}" || return 1
  said=$(tail -n 1 "$work/logs/discovery-load.log")
  after=$(server_metric 'metrics_router_table_reloads_total{result="loaded"')
  echo "$((after - before)) tables, $(of "$said" requests) documents, $(of "$said" wrong) wrong, $(of "$said" lost) lost"
  echo "$said"
  add_source right 50
  start_controller
  wait_until 10 are_synced 5
  # Each is read by a thread that gives way to the load: some are overtaken by the next.
  (($(of "$said" wrong) == 0 && $(of "$said" lost) == 0 && after - before >= count / 2))
}
load_of_discovery() { ALLOWED_FILES="$work/discovery-with"$'\n'"$work/discovery-without" wrk_on "$1" 32 "$custom"; }
table_lists() { [[ $(jq '.sources | length' "$snapshot") == "$1" ]]; }
discovery_is() {
  ask "$custom" -A wrk > /dev/null
  if [[ $1 == with ]]; then grep -q right-1 "$work/asked.body"; else ! grep -q right-1 "$work/asked.body"; fi
}

need_cluster
count=$(number 1000 60)
row "$count changes of priority, up to 10/s, 32 connections" "0 failed, 0 mixed, each seen ≤ 1.5 s" changes_priorities_seen "$count"
row "$count tables put in place at 10/s, 32 connections on discovery" "0 failed, 0 mixed" replaces_files "$count"
