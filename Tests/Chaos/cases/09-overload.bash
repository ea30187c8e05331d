# More requests at once than the server takes.
# shellcheck shell=bash

# is_overloaded - four times as many callers as the cap, each as fast as it can, on a source that takes its time.
is_overloaded() {
  local seconds said before peak health
  seconds=$(number 30 12)
  serve --max-requests-inflight=64 --backend-coalesce-requests=false
  before=$(resident_kib "${process_ids[server]}")
  echo "late 0.2" > "$work/shaky.mode"
  launch overload wrk_on "$seconds" 256 "$pods/web-0/shaky"
  launch_python health "$here/callers/health.py" "${port[server]}" "${process_ids[server]}" $((seconds - 1))
  wait "${process_ids[health]}" || { tail -n 3 "$work/logs/health.log"; return 1; }
  wait "${process_ids[overload]}" || return 1
  echo pass > "$work/shaky.mode"
  said=$(tail -n 1 "$work/logs/overload.log")
  health=$(tail -n 1 "$work/logs/health.log")
  peak=$(($(of "$health" peakKiB) - before))
  echo "$(of "$said" 'statuses["200"]') answered, $(of "$said" 'statuses["429"]') refused, $(of "$said" unhinted) without Retry-After, health p99 $(of "$health" p99Milliseconds) ms, +$((peak / 1024)) MiB"
  echo "$said"
  (($(of "$said" 'statuses["429"]') > 0 && $(of "$said" 'statuses["200"]') > 0 && $(of "$said" unhinted) == 0)) \
    && (($(of "$said" lost) == 0 && $(of "$health" failed) == 0 && peak <= 32 * 1024)) \
    && [[ $(of "$said" 'statuses | keys - ["200", "429"] | length') == 0 ]] \
    && awk -v p99="$(of "$health" p99Milliseconds)" 'BEGIN { exit !(p99 <= 100) }'
}

need_cluster
row "four times as many requests as --max-requests-inflight" \
  "429 with Retry-After, health ≤ 100 ms, memory + ≤ 32 MiB" is_overloaded
