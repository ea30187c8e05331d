# Backends that are real, and one that answers each metric in another wrong way.
# shellcheck shell=bash

chapter "backends"

# Many requests share few connections: nghttpd tells each stream with the connection that it came on.
shares_connections() {
  local log=$work/logs/nghttpd.log streams connections
  streams=$(grep -c 'recv HEADERS frame' "$log")
  connections=$(grep -oE '^\[id=[0-9]+\].*recv HEADERS frame' "$log" | cut -d']' -f1 | sort -u | wc -l)
  echo "$streams streams on $connections connections"
  ((streams >= 200 && connections <= 4))
}
keeps_connections() {
  local log=$work/nginx/access.log
  echo "$(wc -l < "$log") requests on $(cut -d' ' -f2 "$log" | sort -u | wc -l) connections"
  [[ $(cut -d' ' -f1 "$log" | sort -u) == HTTP/1.1 ]]
}

expect "nghttpd is answered for" says "$answer" ask "$pods/answer.json"
expect "nghttpd answers 200 requests, 20 at once" \
  h2load_says 200 -c 2 -m 10 "https://127.0.0.1:$port$pods/answer.json"
expect "the router speaks HTTP/2 to it, many streams on few connections" shares_connections
expect "nginx answers 200 requests, 20 at once" h2load_says 200 -c 2 -m 10 "https://127.0.0.1:$port$pods/plain"
expect "the router speaks HTTP/1.1 to it" keeps_connections

# answers SOURCE METRIC STATUS TIMES WORDS - in time, by a Status with the source's name where it is the router's own; the
# backend was asked so many times; and the next request is answered.
answers() {
  local source=$1 metric=$2 status=$3 times=$4 words=$5 got body before
  before=$(grep -cx "asked $metric" "$work/logs/$source.log" || true)
  got=$(ask "$pods/$metric" -w '\n%{http_code} %{time_total}')
  body=${got%$'\n'*}
  got=${got##*$'\n'}
  [[ ${got% *} == "$status" && $body == *"$words"* ]] || { echo "got ${got% *}: $body"; return 1; }
  [[ $status != 50[234] || $body == *"metrics source $source"* ]] || { echo "no name: $body"; return 1; }
  awk -v took="${got#* }" 'BEGIN { exit took > 1.8 }' || { echo "took ${got#* } s"; return 1; }
  local asked=$(($(grep -cx "asked $metric" "$work/logs/$source.log") - before))
  [[ $asked == "$times" ]] || { echo "asked $asked times"; return 1; }
  local next=fine
  [[ $source == scripted-h2 ]] || next=h1-fine
  [[ $(ask "$pods/$next" -o /dev/null -w '%{http_code}') == 200 ]] || { echo "the next request failed"; return 1; }
  [[ $body != *'"message":'* ]] || jq -r .message <<< "$body"
}

while read -r metric status times words; do
  expect "a backend of HTTP/2, $metric: $status" answers scripted-h2 "$metric" "$status" "$times" "$words"
done << 'TABLE'
fine 200 1 "items":[]
refused 503 2 REFUSED_STREAM
refused-once 200 2 "items":[]
gone-before 200 2 "items":[]
gone-midway 503 1
gone-gently 200 1 "items":[]
stall 504 1 deadline exceeded
trickle 504 1 deadline exceeded
unknown-frames 504 1 deadline exceeded
hints 502 1 unexpected informational
frame-on-no-stream 502 1 malformed
frame-too-large 502 1 malformed
broken-table 502 1 malformed
large-head 502 1 larger than 65536 bytes
table-bomb 502 1 malformed
too-short 502 1 malformed
too-long 502 1 malformed
reset-after-head 503 1 CANCEL
reset-without-error 503 1
push 200 1 "items":[]
upper-case 502 1 malformed
no-status 502 1 malformed
status-101 502 1 malformed
redirect 502 1 unexpected status 302
not-json 502 1 not JSON
half-json 502 1 not a JSON object
error-500 500 1 no such metric
busy 429 1 later
TABLE

while read -r metric status times words; do
  expect "a backend of HTTP/1.1, $metric: $status" answers scripted-h1 "$metric" "$status" "$times" "$words"
done << 'TABLE'
h1-fine 200 1 "items":[]
h1-cl-te 502 1 conflicting message length
h1-cl-twice 502 1 conflicting message length
h1-cl-list 502 1 conflicting message length
h1-cl-negative 502 1 conflicting message length
h1-cl-hex 502 1 conflicting message length
h1-cl-huge 502 1 conflicting message length
h1-cl-beyond 502 1 body larger than
h1-unframed 502 1 neither Content-Length nor chunked
h1-te-gzip 502 1 unsupported transfer encoding
h1-te-10 502 1 unsupported transfer encoding
h1-folded 502 1 obsolete line folding
h1-bare-lf 502 1 line not ended by CR LF
h1-bare-cr 502 1 malformed header field
h1-nul 502 1 malformed header field
h1-space 502 1 malformed header field
h1-09 502 1 malformed status line
h1-http2 502 1 unsupported HTTP version
h1-101 502 1 unexpected informational status 101
h1-chunk-hex 502 1 malformed chunk
h1-chunk-long 502 1 malformed chunk
h1-large-head 502 1 larger than 65536 bytes
h1-redirect 502 1 unexpected status 302
h1-truncated 503 1 in the middle of the answer
h1-cut-chunks 503 1 in the middle of the answer
h1-hints 502 1 unexpected informational status 103
h1-stall 504 1 deadline exceeded
h1-trickle 504 1 deadline exceeded
TABLE
