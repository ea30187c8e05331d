# A thousand callers that are slow on purpose.
# shellcheck shell=bash

# slowly MODE ARGUMENT... - a good caller beside them is answered as quickly as before, or nearly.
slowly() {
  local id said status files try
  id=${process_ids[server]}
  files=$(open_files "$id")
  launch watch-files most_files "$id"
  # A thousand handshakes take the machine for a second or two, which may be too much of what the good caller has.
  for try in 1 2 3; do
    status=0
    said=$(python_seconds=60 python "$peers/callers/beside.py" "${port[server]}" timeout 25 slowhttptest -c "$slow" -r "$slow" -l 8 -i 1 -p 2 "$@" \
      -u "https://127.0.0.1:${port[server]}$pods/web-0/steady" 2>&1) || status=$?
    ((status != 0)) || break
    wait_until 15 has_few_files "$id" $((files + 20)) || true
  done
  finish watch-files || true
  echo "p95 ${said%%$'\n'*}; $(tail -n 1 "$work/logs/watch-files.log") descriptors at most"
  echo "$said"
  wait_until 15 has_few_files "$id" $((files + 20)) || { echo "$(open_files "$id") descriptors left, $files before"; return 1; }
  ((status == 0 && $(tail -n 1 "$work/logs/watch-files.log") <= files + slow + 100))
}
most_files() {
  local most=0 now
  trap 'echo "$most"; exit 0' TERM
  while true; do
    now=$(open_files "$1")
    ((now <= most)) || most=$now
    sleep 0.2
  done
}
has_few_files() { (($(open_files "$1") <= $2)); }

need_cluster
slow=1000
serve --anonymous-auth --read-header-timeout=2s --write-timeout=2s --tls-handshake-timeout=3s
bar="the good caller's p95 ≤ 2× + 20 ms, 0 failed, descriptors given back"
row "$slow callers with slow heads" "$bar" slowly -H -x 24
if is_full; then row "$slow callers with slow bodies" "$bar" slowly -B -s 8192 -x 10; fi
row "$slow callers that read slowly" "$bar" slowly -X -w 10 -y 20 -n 1 -z 32 -k 3
