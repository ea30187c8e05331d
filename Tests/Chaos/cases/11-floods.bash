# Floods of frames, and messages that two readers could understand differently: told by the run between hostile peers, at
# its full numbers always (100,000 streams that are reset, CONTINUATION without an end, bombs).
# shellcheck shell=bash

peers_hold() {
  local status=0
  PRODUCTS=$products "$peers/run" "$@" > "$work/peers.log" 2>&1 || status=$?
  tail -n 1 "$work/peers.log"
  grep -A 5 ^FAILED "$work/peers.log" || true
  return "$status"
}

# `make test` runs all of it beside this.
if is_full; then
  row "HTTP/2: rapid reset of 100,000 streams, CONTINUATION, bombs and eight floods more" \
    "connection closed, others ≤ 100 ms, memory + ≤ 32 MiB" peers_hold 03
  row "HTTP/1.1: smuggling, both ways; backends that break a rule" "refused, the next request answered" peers_hold 02 04
fi
