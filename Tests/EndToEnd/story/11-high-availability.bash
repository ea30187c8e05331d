# Two replicas: both route, one of them writes. What happens when that one dies, ends, and when both are replaced under
# load.
# shellcheck shell=bash

chapter "A second replica"

requests=/apis/custom.metrics.k8s.io/v1beta2/namespaces/my-ns/pods/web-0/requests
kubectl delete ms --all > /dev/null
kubectl apply -f - > /dev/null << MANIFEST
$(prometheus_manifest 100)
---
$(queues_manifest 50)
MANIFEST
eventually 20 "The first one leads, and writes status" prints_match 'prometheus .* true +476' kubectl get ms prometheus
start_replica b
eventually 10 "The second one is ready, though it does not lead" is_replica_ready b
expect "One of them leads" prints a leaders
expect "The lease says who" prints_match '^[^ ]+_[0-9a-f-]{36}$' lease holderIdentity
holder=$(lease holderIdentity)
expect "The other one follows it" grep -q "following $holder, which holds lease metrics-router/metrics-router" \
  "$work/logs/controller-b.log"
for replica in a b; do
  eventually 5 "Replica $replica answers" prints_match '^200 .*"value": *"7"' asked_of "$replica" "$requests"
done
eventually 5 "Both have the same routes, each on a volume of its own" have_same_routes a b

show kubectl apply -f - << MANIFEST
apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1
kind: MetricsSource
metadata: {name: nobody}
spec: {priority: 1, metricTypes: [CustomMetrics], service: {namespace: nowhere, name: nobody, port: {number: 443}}}
MANIFEST
for log in controller controller-b; do
  eventually 15 "Each fails to sync a source that is not there" \
    grep -q 'cannot sync metrics from /nobody' "$work/logs/$log.log"
done
eventually 5 "One of them tells it" prints 1 events_of nobody SyncFailed

chapter "The leader is killed"

transitions=$(lease leaseTransitions)
kill_at_once controller
expect "Its server goes on" prints_match '^200 .*"value": *"7"' asked_of a "$requests"
show kubectl patch ms queues --type=merge -p '{"spec":{"priority":60}}'
eventually 3 "The follower routes by a change at once" \
  prints 60 jq '.sources[] | select(.name == "queues") | .priority' "$(table_of b)"
eventually 25 "It leads when the lease of 15 s has run out" prints b leaders
expect "The lease counts that" prints "$((transitions + 1))" lease leaseTransitions
eventually 2 "It writes what nobody has written since" is_observed queues
eventually 2 "And nothing that was told is told again" prints 1 events_of nobody SyncFailed

chapter "The leader ends"

start_controller
eventually 10 "The killed one is back, and follows" grep -q "following $(lease holderIdentity)" "$work/logs/controller.log"
expect "The leader ends as it should when it is asked to" ends_well controller-b
eventually 3 "It has handed over" prints a leaders
show kubectl patch ms queues --type=merge -p '{"spec":{"priority":50}}'
eventually 3 "The next one writes status" is_observed queues

chapter "A rolling update under load"

# The first server is started anew with the delay that the deployment gives it.
finish server || true
finish server-b || true
start_server --shutdown-delay-duration=2s
start_replica b
start_balancer
for replica in a b; do eventually 10 "Replica $replica is ready" is_replica_ready "$replica"; done
eventually 10 "Both are endpoints of the Service" \
  prints 2 grep -c ' is ready' "$work/logs/balancer.log"
sed "s/port: $server_port/port: $balancer_port/" "$work/api-service.yaml" > "$work/balanced-api-service.yaml"
kubectl apply -f "$work/balanced-api-service.yaml" > /dev/null
eventually 10 "The API server reaches them by it" prints 7 value "$requests"
start_readers "$requests"
rm -f "$work/logs/reader.log"
start_reading "$requests"
sleep 1
start_replica c
eventually 10 "A new replica is ready" is_replica_ready c
expect "An old one is ended" end_replica a
start_replica a
eventually 10 "A second new one is ready" is_replica_ready a
expect "The other old one is ended" end_replica b
eventually 3 "One of the new ones leads" prints_match '^[ac]$' leaders
sleep 1
finish readers || true
stop_reading
expect "Of thousands of reads of the router none failed" \
  prints_match '^[0-9]{4,} reads over [0-9]{2,} connections, 0 failed$' cat "$work/logs/readers.log"
expect "Nor did any through the API server" prints_match '^[1-9][0-9]+ reads, 0 failed$' readings
expect "A connection always found an endpoint that was ready" \
  fails_with '^$' grep -E 'no endpoint|endpoint [0-9]+: ' "$work/logs/balancer.log"

kubectl apply -f "$work/api-service.yaml" > /dev/null
finish balancer || true
end_replica c || true
