# Steady load, and what its callers saw.
# shellcheck shell=bash

# steady_load SECONDS RATE [PATH] - that many requests a second over 8 connections of HTTP/1.1; a line of JSON.
steady_load() { h2load_at "$1" "$2" "${3:-$pods/*/steady}" --h1 -c8 -m1; }
# streams SECONDS RATE [PATH] - the same over 8 connections of HTTP/2, up to ten streams at once on each.
streams() { h2load_at "$1" "$2" "${3:-$pods/*/steady}" -c8 -m10; }

h2load_at() {
  local seconds=$1 rate=$2 path=$3 log
  shift 3
  log=$(mktemp "$work/requests.XXXXXX")
  timeout $((seconds + 30)) h2load "$@" -t1 "-D$seconds" "--rps=$(awk "BEGIN { print $rate / 8 }")" \
    --log-file="$log" -H "Authorization: Bearer $token" "https://127.0.0.1:${port[server]}$path" > "$log.said" 2>&1 \
    || { cat "$log.said" >&2; return 1; }
  sort -n -k3,3 "$log" | awk '
    { times[NR] = $3; if ($2 != 200) failed++ }
    END { printf "{\"requests\":%d,\"failed\":%d,\"p50\":%d,\"p99\":%d}\n", NR, failed, times[int((NR + 1) / 2)], times[int(NR * 0.99 + 0.5)] }'
  rm -f "$log" "$log.said"
}

# wrk_on SECONDS CONNECTIONS PATH [WRK-OPTION...] - as fast as the server answers; every answer is looked at. What it
# prints is a line of JSON: requests, wrong (another status than 200, or a body that matches no pattern of ALLOWED), the
# statuses, 429s without Retry-After, and errors of the transport.
wrk_on() {
  local seconds=$1 connections=$2 path=$3
  shift 3
  timeout $((seconds + 30)) wrk -t1 "-c$connections" "-d${seconds}s" --timeout 12s -H "Authorization: Bearer $token" \
    -s "$here/callers/count.lua" "$@" "https://127.0.0.1:${port[server]}$path" | tail -n 1
}

# of JSON FIELD
of() { jq -r ".$2" <<< "$1"; }

# p99_beside CALM ATTACK - the p99 of steady load in microseconds while either command, each a word with arguments, runs
# over and over, in turns, so that both take the same from the machine: "CALM ATTACK FAILED", medians of the rounds.
# Either takes less than two seconds.
p99_beside() {
  local rounds seconds=2 round command said other failed=0 calm=() attack=()
  rounds=$(number 7 3)
  for ((round = 0; round < rounds; round++)); do
    for command in "$1" "$2"; do
      # shellcheck disable=SC2086
      repeat_until "$work/other.end" $command > "$work/other.said" 2>&1 &
      other=$!
      said=$(steady_load "$seconds" 200) || return 1
      : > "$work/other.end"
      wait "$other" || { cat "$work/other.said" >&2; return 1; }
      if [[ $command == "$1" ]]; then calm+=("$(of "$said" p99)"); else attack+=("$(of "$said" p99)"); fi
      failed=$((failed + $(of "$said" failed)))
    done
  done
  echo "$(median "${calm[@]}") $(median "${attack[@]}") $failed"
}
# others_notice_nothing CALM ATTACK - a machine that does other things too may need a few tries more; a server that
# makes others wait fails them all.
others_notice_nothing() {
  local try figures before during lost
  for try in 1 2 3 4 5; do
    figures=$(p99_beside "$@") || { echo "$figures"; return 1; }
    read -r before during lost <<< "$figures"
    if ((lost == 0)) && is_undisturbed "$before" "$during"; then break; fi
  done
  echo "p99 $before → $during µs, $lost failed"
  ((lost == 0)) && is_undisturbed "$before" "$during"
}
repeat_until() {
  local mark=$1
  shift
  rm -f "$mark"
  until [[ -e $mark ]]; do
    "$@"
    sleep 0.05
  done
}
median() { printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# Two figures of a machine that does other things too: within ten percent, or a millisecond where that is more.
is_undisturbed() { awk -v before="$1" -v during="$2" 'BEGIN { bound = before * 0.1; if (bound < 1000) bound = 1000; exit !(during <= before + bound) }'; }
