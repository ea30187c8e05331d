# A source that answers wrongly, or not at all, hurts nobody but those who ask for its metrics; and they are told so.
# shellcheck shell=bash

# Metric, status, and what is said at least. None is ever answered 200.
faults='h1-close 503 closed before
h1-truncated 503 in the middle
h1-cut-chunks 503 in the middle
h1-garbage 502 malformed
h1-unframed 502 Content-Length
h1-cl-te 502 conflicting
h1-cl-twice 502 conflicting
h1-cl-huge 502 conflicting
h1-cl-beyond 502 larger than
h1-large-head 502 larger than
h1-500 500
h1-busy 429
h1-redirect 502 302
h1-101 502 101
h1-hints 502 103
h1-stall 504 deadline
h1-trickle 504 deadline'

# answers_rightly - each fault, by the words for it; the whole table of them.
answers_rightly() {
  local metric status words got wrong=0 count=0
  while read -r metric status words; do
    got=$(ask "$pods/web-0/$metric")
    count=$((count + 1))
    if [[ ${got%% *} != "$status" || $got != *"$words"* || $got == *'"items"'* && $status == 50[234] ]]; then
      wrong=$((wrong + 1))
      echo "$metric: expected $status $words, got $got" >> "$work/wrong"
    fi
  done <<< "$faults"
  echo "$((count - wrong)) of $count as they should be, 0 fabricated values"
  cat "$work/wrong" 2> /dev/null || true
  ((wrong == 0))
}

# proxy_answers MODE EXPECTED... - what is said of the source behind the proxy, as it does so.
proxy_answers() {
  local fault got expected wrong=0 count=0
  while IFS='|' read -r fault expected; do
    echo "$fault" > "$work/shaky.mode"
    sleep 1
    got=$(ask "$pods/web-0/shaky")
    count=$((count + 1))
    if ! [[ ${got%% *} =~ ^($expected)$ && $got == *"metrics source shaky"* ]]; then
      wrong=$((wrong + 1))
      echo "$fault: expected $expected, got $got" >> "$work/wrong"
    fi
  done << 'TABLE'
refuse|503
reset|503
garbage|502|503
cut 0|503
cut 100|503
reset-after 40|503
stall|504
trickle|504
late 5|504
TABLE
  echo pass > "$work/shaky.mode"
  wait_until 5 shaky_is_well || { echo "not answered again: $(ask "$pods/web-0/shaky")"; return 1; }
  echo "$((count - wrong)) of $count as they should be, and answered again afterwards"
  cat "$work/wrong" 2> /dev/null || true
  ((wrong == 0))
}
shaky_is_well() { [[ $(status_of "$pods/web-0/shaky") == 200 ]]; }

ask_ten() {
  curl -sk -Z --parallel-max 10 --max-time 1 -o /dev/null -H "Authorization: Bearer $token" \
    "https://127.0.0.1:${port[server]}$1?[1-10]" || true
}

need_cluster
serve --backend-breaker-failures=0
rm -f "$work/wrong"
row "a backend that truncates, lies about lengths, redirects, switches protocols, stalls" \
  "right status, 0 fabricated values" answers_rightly
rm -f "$work/wrong"
row "a backend that refuses, resets, talks garbage, cuts off, stalls, trickles below TLS" \
  "right status, 0 fabricated values, well again" proxy_answers
serve
read -ra beside <<< "$(number "h1-close h1-garbage h1-truncated h1-500 h1-busy h1-redirect h1-101 h1-stall" "h1-close h1-stall")"
for fault in "${beside[@]}"; do
  # Connections that are made anew each time cost all of the machine: beside those of a backend that ends each in good order.
  well=h1-last
  [[ $fault != h1-stall ]] || well=h1-fine
  row "callers of another source while ten ask for $fault" "0 failed, p99 within 10 % or 1 ms of ten who ask for what is well" \
    others_notice_nothing "ask_ten $pods/web-0/$well" "ask_ten $pods/web-0/$fault"
done
