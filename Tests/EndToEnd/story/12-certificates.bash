# The serving certificate and its authority, in a life of seconds: both are replaced under requests, and nobody notices.
# shellcheck shell=bash

chapter "A Secret that is emptied"

custom=v1beta2.custom.metrics.k8s.io
start_replica b
start_kubelet b 2
for replica in a b; do eventually 10 "Replica $replica is ready" is_replica_ready "$replica"; done
rm -f "$work/logs/reader.log"
start_reading "$requests"
launch handshakes python3 "$here/handshakes.py" "$apiserver_port" "$pki/cluster-ca.crt" "$pki/admin.crt" "$pki/admin.key" \
  "$custom" "$server_port" "${replica_port[b.server]}"
finish controller-b || true
finish controller || true
start_controller controller --serving-certificate-lifetime=45s --serving-ca-lifetime=135s --serving-certificate-overlap=4s
eventually 20 "Its controller leads" prints a leaders
first=$(authority_of_secret ca.crt)
show kubectl patch secret metrics-router-serving-certificate -n metrics-router --type=merge -p '{"data":null}'
eventually 20 "A new authority is made, and trusted beside the old one, by which the servers can still be verified" \
  prints_match "^skips: false, trusts: $first metrics-router-serving-ca@[0-9]+$" trusted_by "$custom"
eventually 30 "The server serves by the new authority" is_served_by_another "$first"
second=$(authority_of_secret ca.crt)
eventually 30 "The old one has left the APIServices" prints "skips: false, trusts: $second" trusted_by "$custom"

chapter "The authority is replaced, long before it ends"

eventually 120 "The next one is trusted before it signs" \
  prints_match "^skips: false, trusts: $second metrics-router-serving-ca@[0-9]+$" trusted_by "$custom"
eventually 40 "Then it signs" is_served_by_another "$second"
third=$(authority_of_secret ca.crt)
eventually 40 "The one before it leaves last" prints "skips: false, trusts: $third" trusted_by "$custom"
expect "Its key has left the Secret with it" prints '["ca.crt","ca.key","tls.crt","tls.key"]' keys_of_secret
expect "The controller tells when the certificates end" \
  prints_match 'metrics_router_controller_certificate_expiration_timestamp_seconds\{certificate="serving"\} [0-9.e+]+' \
  curl -sf "http://127.0.0.1:$controller_metrics_port/metrics"
finish handshakes || true
stop_reading
expect "Whoever began a connection could verify it by the APIService, at any time, on both replicas" \
  prints_match '^[0-9]{3,} handshakes, [0-9]+ certificates, 0 failed$' cat "$work/logs/handshakes.log"
expect "No read through the API server failed" prints_match '^[1-9][0-9]+ reads, 0 failed$' readings
expect "All three APIServices were available" \
  prints 'True True True' kubectl get apiservice v1beta1.custom.metrics.k8s.io "$custom" v1beta1.external.metrics.k8s.io \
  -o "jsonpath={.items[*].status.conditions[?(@.type=='Available')].status}"

chapter "Where the Secret cannot be used, what is served goes on"

show kubectl patch secret metrics-router-serving-certificate -n metrics-router --type=merge \
  -p '{"data":{"ca.key":null}}'
eventually 10 "The log says what is wrong with it, and the command that empties it" \
  grep -q "ca.crt is there without ca.key. To have all of it made anew: kubectl patch secret metrics-router-serving-certificate" \
  "$work/logs/controller.log"
expect "The metric is answered as before" prints 7 value "$requests"
show kubectl patch secret metrics-router-serving-certificate -n metrics-router --type=merge -p '{"data":null}'
eventually 10 "Emptied, it is filled again" grep -q 'can be used again' "$work/logs/controller.log"
expect "No key stands in a log" fails_with '^$' grep -lE 'PRIVATE KEY|LS0tLS1CRUdJTiBQUklW' "$work/logs"/controller*.log \
  "$work/logs"/server*.log
finish kubelet-b || true
finish server-b || true
