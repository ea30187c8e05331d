# Certificates and authorities are exchanged under load, again and again.
# shellcheck shell=bash

# rotates_serving COUNT - the serving pair, while each request comes on a new connection, and others on kept ones.
rotates_serving() {
  local count=$1 turn wanted seen=0 slowest=0 said kept began took
  mkdir -p "$work/pairs"
  cp "$pki/serving.crt" "$work/pairs/tls.crt"
  cp "$pki/serving.key" "$work/pairs/tls.key"
  serve --tls-cert-file="$work/pairs/tls.crt" --tls-private-key-file="$work/pairs/tls.key"
  # As long as it takes: each is looked for as soon as it is in place.
  launch new-connections wrk_on $((count * 3 / 2 + 3)) 8 "$pods/*/steady" -H "Connection: close"
  launch kept-connections steady_load $((count * 3 / 2 + 3)) 100
  for ((turn = 1; turn <= count; turn++)); do
    make_certificate "serving-$turn" cluster-ca "/CN=serving-$turn" serverAuth DNS:localhost,IP:127.0.0.1
    cp "$pki/serving-$turn.crt" "$work/pairs/next.crt" && cp "$pki/serving-$turn.key" "$work/pairs/next.key"
    began=${EPOCHREALTIME/./}
    mv "$work/pairs/next.crt" "$work/pairs/tls.crt" && mv "$work/pairs/next.key" "$work/pairs/tls.key"
    wait_until 5 serves_certificate "serving-$turn" && seen=$((seen + 1))
    took=$(((${EPOCHREALTIME/./} - began) / 1000))
    ((took <= slowest)) || slowest=$took
  done
  wait "${process_ids[new-connections]}" && wait "${process_ids[kept-connections]}" || return 1
  said=$(tail -n 1 "$work/logs/new-connections.log")
  kept=$(tail -n 1 "$work/logs/kept-connections.log")
  echo "$seen of $count served, after ≤ $slowest ms; $(of "$said" requests) on new connections, $(of "$kept" requests) on kept ones: $(($(of "$said" wrong) + $(of "$said" lost) + $(of "$kept" failed))) failed"
  echo "$said $kept"
  ((seen == count && slowest <= 2500)) && (($(of "$said" wrong) + $(of "$said" lost) + $(of "$kept" failed) == 0))
}
serves_certificate() {
  openssl s_client -connect "127.0.0.1:${port[server]}" < /dev/null 2> /dev/null | openssl x509 -noout -subject 2> /dev/null \
    | grep -q "CN = $1\$"
}

# rotates_authorities COUNT - those of callers' certificates: the new one beside the old one, then the new one alone. The
# caller has a certificate of the one that is always there at that time.
rotates_authorities() {
  local count=$1 turn failed=0 asked=0 got current next
  current=callers-0 next=
  make_authority callers-0 callers-0 && make_certificate caller-of-callers-0 callers-0 /O=system:masters/CN=caller clientAuth
  cp "$pki/callers-0.crt" "$work/callers.crt"
  serve --client-ca-file="$work/callers.crt"
  wait_until 5 is_known callers-0 || { echo "not known at first"; return 1; }
  launch authority-load steady_load $((count * 2)) 100
  for ((turn = 1; turn <= count; turn++)); do
    next=callers-$turn
    make_authority "$next" "$next" && make_certificate "caller-of-$next" "$next" /O=system:masters/CN=caller clientAuth
    cat "$pki/$current.crt" "$pki/$next.crt" > "$work/callers.next" && mv "$work/callers.next" "$work/callers.crt"
    wait_until 5 is_known "$next" || { echo "authority $turn is not taken"; return 1; }
    is_known "$current" || failed=$((failed + 1))
    cp "$pki/$next.crt" "$work/callers.next" && mv "$work/callers.next" "$work/callers.crt"
    wait_until 5 is_unknown "$current" || { echo "authority $((turn - 1)) still counts"; return 1; }
    is_known "$next" || failed=$((failed + 1))
    current=$next
  done
  wait "${process_ids[authority-load]}" || return 1
  got=$(tail -n 1 "$work/logs/authority-load.log")
  echo "$count taken, $count no longer trusted; $((failed + $(of "$got" failed))) of $(of "$got" requests) failed"
  ((failed + $(of "$got" failed) == 0))
}
is_known() { [[ $(ask_as "caller-of-$1" "$pods/*/steady") == "200 "* ]]; }
is_unknown() { ! is_known "$1"; }

# rotates_backend COUNT - the authority of a source, in its resource: a second one is added and taken away.
rotates_backend() {
  local count=$1 turn said bundle
  make_authority other-ca other-ca
  make_certificate backend cluster-ca /CN=backend serverAuth DNS:adapter.trusted.svc
  launch trusted "$products/sample-adapter" --port="${port[other]}" --name=trusted --custom=pods/trusted=8 \
    --tls-cert-file="$pki/backend.crt" --tls-private-key-file="$pki/backend.key"
  controller_connect_to+=("--connect-to=adapter.trusted.svc:443:127.0.0.1:${port[other]}")
  server_connect_to+=("--connect-to=adapter.trusted.svc:443:127.0.0.1:${port[other]}")
  finish controller
  start_controller
  serve --workers=2 --backend-idle-timeout=1m
  trusted_manifest "$(base64 -w 0 "$pki/cluster-ca.crt")" | kubectl apply -f - > /dev/null
  wait_until 10 trusted_is_answered || { ask "$pods/web-0/trusted"; return 1; }
  launch trusted-load steady_load $((count / 2 + 2)) 100 "$pods/web-0/trusted"
  for ((turn = 1; turn <= count; turn++)); do
    bundle=$pki/cluster-ca.crt
    ((turn % 2 == 0)) || { cat "$pki/cluster-ca.crt" "$pki/other-ca.crt" > "$work/bundle" && bundle=$work/bundle; }
    kubectl patch ms trusted --type=merge -p "{\"spec\":{\"caBundle\":\"$(base64 -w 0 "$bundle")\"}}" > /dev/null
    sleep 0.3
  done
  wait "${process_ids[trusted-load]}" || return 1
  said=$(tail -n 1 "$work/logs/trusted-load.log")
  kubectl patch ms trusted --type=merge -p "{\"spec\":{\"caBundle\":\"$(base64 -w 0 "$pki/other-ca.crt")\"}}" > /dev/null
  wait_until 5 trusted_is_refused || { echo "a backend of an authority that was taken away is still asked"; return 1; }
  echo "$count bundles, $(of "$said" failed) of $(of "$said" requests) failed; not asked once its authority is gone"
  kubectl delete ms trusted > /dev/null
  finish trusted || true
  (($(of "$said" failed) == 0))
}
# rotates_default COUNT - the authorities of sources that name none, in the file of both processes.
rotates_default() {
  local count=$1 turn said
  launch trusted "$products/sample-adapter" --port="${port[other]}" --name=trusted --custom=pods/trusted=8 \
    --tls-cert-file="$pki/backend.crt" --tls-private-key-file="$pki/backend.key"
  puts_authorities cluster-ca
  finish controller
  start_controller --backend-ca-file="$work/authorities.pem"
  serve --workers=2 --backend-ca-file="$work/authorities.pem"
  source_manifest trusted 100 | sed '/insecureSkipTLSVerify/d' | kubectl apply -f - > /dev/null
  wait_until 10 trusted_is_answered || { ask "$pods/web-0/trusted"; return 1; }
  launch default-load steady_load $((count + 2)) 100 "$pods/web-0/trusted"
  for ((turn = 1; turn <= count; turn++)); do
    if ((turn % 2)); then puts_authorities cluster-ca other-ca; else puts_authorities cluster-ca; fi
    sleep 0.5
  done
  wait "${process_ids[default-load]}" || return 1
  said=$(tail -n 1 "$work/logs/default-load.log")
  puts_authorities other-ca
  wait_until 15 trusted_is_refused || { echo "verified by an authority that was taken away"; return 1; }
  puts_authorities cluster-ca
  wait_until 30 trusted_is_answered || { ask "$pods/web-0/trusted"; return 1; }
  echo "$count files, $(of "$said" failed) of $(of "$said" requests) failed; refused without its authority, asked again with it"
  kubectl delete ms trusted > /dev/null
  finish trusted || true
  finish controller
  start_controller
  (($(of "$said" failed) == 0))
}
puts_authorities() {
  local name
  for name in "$@"; do cat "$pki/$name.crt"; done > "$work/authorities.next"
  mv "$work/authorities.next" "$work/authorities.pem"
}
trusted_manifest() { source_manifest trusted 100 "caBundle: $1" | sed '/insecureSkipTLSVerify/d'; }
trusted_is_answered() { [[ $(status_of "$pods/web-0/trusted") == 200 ]]; }
trusted_is_refused() { [[ $(status_of "$pods/web-0/trusted") == 502 || $(status_of "$pods/web-0/trusted") == 503 ]]; }

need_cluster
count=$(number 100 4)
row "serving certificate exchanged $count times" "0 failed, each served ≤ 2.5 s" rotates_serving "$count"
row "authority of callers exchanged $count times" "0 failed, the old one no longer trusted" rotates_authorities "$count"
row "authority of a source exchanged $count times" "0 failed, verified by the new one" rotates_backend "$count"
row "authorities of all sources exchanged $count times" "0 failed, verified by the new ones" rotates_default "$count"
