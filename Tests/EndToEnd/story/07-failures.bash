# Each process dies once; the others carry on, and it comes back.
# shellcheck shell=bash

chapter "The controller is killed"

kill_at_once controller
expect "The router goes on" prints 1500m value "$foo"
start_controller
eventually 5 "The controller is ready again" prints ok curl -sf "http://127.0.0.1:$health_port/readyz"
show kubectl patch ms queues --type=merge -p '{"spec":{"priority":200}}'
eventually 5 "It works again" prints 2500m value "$foo"
kubectl patch ms queues --type=merge -p '{"spec":{"priority":50}}' > /dev/null
eventually 2 "In both directions" prints 1500m value "$foo"

chapter "The router is killed, while the controller is away too"

kill_at_once controller
kill_at_once server
start_server
eventually 10 "It serves from its snapshot" \
  prints_match '^200 .*1500m' ask "$foo" --cert "$pki/admin.crt" --key "$pki/admin.key"
eventually 10 "Through the aggregator too" prints 1500m value "$foo"
start_controller
eventually 5 "The controller is ready again" prints ok curl -sf "http://127.0.0.1:$health_port/readyz"

chapter "The API server is restarted"

finish kube-apiserver || true
expect "Without it the router knows administrators by their certificates, and its routes" \
  prints_match '^200 .*1500m' ask "$foo" --cert "$pki/admin.crt" --key "$pki/admin.key"
expect "It still says that it is ready" prints '200 ok' ask /readyz
make_certificate carol cluster-ca /CN=carol clientAuth
expect "Whom nobody can vouch for is not let in" \
  prints_match '^(403|500) ' ask "$foo" --cert "$pki/carol.crt" --key "$pki/carol.key"
start_apiserver
eventually 30 "Metrics are served through the aggregator again" prints 1500m value "$foo"
show kubectl patch ms queues --type=merge -p '{"spec":{"priority":200}}'
eventually 30 "The controller sees changes again" prints 2500m value "$foo"
expect "Whom the API server knows is let in again" \
  prints_match '^200 ' ask "$pods/*/foo" --cert "$pki/alice.crt" --key "$pki/alice.key"
