# The API server is away: what was known goes on, and nobody is let in on an old word.
# shellcheck shell=bash

away_seconds=$(number 1800 15)

# keeps_serving - routes, discovery and readiness, once a second for all that time; allows end with their ten seconds.
keeps_serving() {
  local began asked=0 failed=0 allowed_until=0 got path
  # The review before has ended by then, and the one that follows counts from now.
  sleep 11
  began=$SECONDS
  [[ $(status_of "$pods/*/steady") == 200 ]] || { echo "not answered before"; return 1; }
  kill_at_once kube-apiserver
  while ((SECONDS - began < away_seconds)); do
    for path in "$pods/*/steady" "$custom" /apis; do
      asked=$((asked + 1))
      got=$(ask_as admin "$path")
      [[ ${got%% *} == 200 ]] || { failed=$((failed + 1)); echo "$path: $got" >> "$work/away.failed"; }
    done
    is_ready || { failed=$((failed + 1)); echo "not ready" >> "$work/away.failed"; }
    [[ $(status_of "$pods/*/steady") != 200 ]] || allowed_until=$((SECONDS - began))
    sleep 1
  done
  got=$(ask "$pods/*/steady")
  echo "$asked requests in $((SECONDS - began)) s, $failed failed; by token answered for $allowed_until s, then ${got%% *}"
  head -n 5 "$work/away.failed" 2> /dev/null || true
  echo "$got"
  is_running controller || { echo "the controller has ended"; return 1; }
  ((failed == 0 && allowed_until <= 12)) && [[ ${got%% *} =~ ^(401|403|500|503)$ ]]
}
recovers() {
  local began
  start_apiserver
  began=${EPOCHREALTIME/./}
  wait_until 30 token_is_taken || { ask "$pods/*/steady"; return 1; }
  local callers=$(((${EPOCHREALTIME/./} - began) / 1000))
  kubectl patch ms right --type=merge -p '{"spec":{"priority":150}}' > /dev/null
  wait_until 30 turn_is 2 || { echo "the controller sees no change"; return 1; }
  echo "callers by token after $callers ms, a change of a source after $(((${EPOCHREALTIME/./} - began) / 1000)) ms"
  kubectl patch ms right --type=merge -p '{"spec":{"priority":50}}' > /dev/null
  wait_until 5 turn_is 1
}
token_is_taken() { [[ $(status_of "$pods/*/steady") == 200 ]]; }
turn_is() { [[ $(ask "$pods/web-0/turn") == *"\"value\":\"$1\""* ]]; }

need_cluster
row "API server away for $away_seconds s" "routes, discovery, readiness kept; allows end after 10 s, then closed" keeps_serving
row "API server back" "≤ 30 s" recovers
