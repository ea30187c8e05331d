# The clock of the machine is set, an hour forward and back, under load: what waits, waits by another clock.
# shellcheck shell=bash

# set_clock OFFSET - for both processes, and nobody else. Two hours ahead is where they start, since the certificates of
# this run are too young for a clock that goes back from now.
set_clock() {
  echo "$1" > "$work/clock.new"
  mv "$work/clock.new" "$work/clock"
}
# jumps - a window of load after each setting: nobody fails, and nobody asks the API server more than before.
jumps() {
  local offset said failed=0 before reviews=() syncs=() window=12 calm ahead
  cc -O1 -shared -fPIC -Wall -Wextra -Werror -o "$work/clock.so" "$here/faults/clock.c" || return 1
  set_clock 7200
  local own_clock=(env LD_PRELOAD="$work/clock.so" CLOCK_OFFSET_FILE="$work/clock")
  finish controller
  finish server
  server_wrapper=("${own_clock[@]}") controller_wrapper=("${own_clock[@]}")
  start_controller && serve --workers=2 --backend-breaker-failures=5 || return 1
  server_wrapper=() controller_wrapper=()
  for offset in 7200 10800 3600 7200; do
    set_clock "$offset"
    ((offset != 10800)) || ahead=$(date -u -d '+3 hours' '+%m%d %H:')
    before="$(server_metric metrics_router_reviews_total) $(controller_metric metrics_router_controller_reconciles_total)"
    said=$(steady_load "$window" 200) || return 1
    failed=$((failed + $(of "$said" failed)))
    reviews+=($(($(server_metric metrics_router_reviews_total) - ${before% *})))
    syncs+=($(($(controller_metric metrics_router_controller_reconciles_total) - ${before#* })))
  done
  echo "0 h, +1 h, -1 h, 0 h: $failed failed; reviews ${reviews[*]}, syncs ${syncs[*]} in $window s each"
  # What is logged shows that the clock was theirs.
  grep -q "^[IWE]$ahead" "$work/logs/controller.log" || { echo "the clock did not jump"; return 1; }
  finish controller
  finish server
  start_controller
  ((failed == 0)) || return 1
  for calm in 1 2 3; do
    ((reviews[calm] <= 2 * reviews[0] + 2 && syncs[calm] <= 2 * syncs[0] && syncs[calm] * 2 >= syncs[0])) || return 1
  done
}

need_cluster
row "clock set 1 h forward and back under load" "0 failed, no more reviews or syncs than before" jumps
