# Callers over HTTP/2 that break its rules, or use them against the router.
# shellcheck shell=bash

chapter "hostile callers of HTTP/2"

for flood in rapid-reset provoked-resets malformed-requests continuation empty-continuation table-bomb ping ping-ack \
  settings empty-data priority; do
  expect "a flood, $flood: its connection is closed, nobody else notices" \
    python callers/floods.py "$port" "${process_ids[server]}" "$flood"
done
expect "requests with wrong pseudo fields, names, values and paths are refused one by one" \
  python callers/requests.py "$port" each
expect "a field section above 64 KiB is answered 431" python callers/requests.py "$port" large
expect "trailers are read over" python callers/requests.py "$port" trailers
expect "a body of GET is not waited for" python callers/requests.py "$port" body
expect "windows that overflow end the stream, or the connection" python callers/requests.py "$port" overflow
expect "of 101 streams one is refused, the others are answered" python callers/requests.py "$port" too-many
expect "what is no preface is not answered" python callers/requests.py "$port" bad-preface
for caller in silence half-preface endless-head; do
  expect "a caller that stops, $caller, is closed after 2 s" python callers/patience.py "$port" 2 "$caller"
done
expect "100 answers without a window are given up after 2 s" python callers/patience.py "$port" 2 no-window
expect "a caller that reads nothing is closed" python callers/patience.py "$port" 2 reads-nothing
