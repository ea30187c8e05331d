# Two sources list one metric. Every change is to be seen within two seconds.
# shellcheck shell=bash

chapter "Two sources with one metric"

foo=$pods/web-0/foo
start_queue_adapter
show kubectl apply -f - << MANIFEST
apiVersion: v1
kind: Namespace
metadata:
  name: queues
---
apiVersion: v1
kind: Service
metadata:
  name: queue-metrics-apiserver
  namespace: queues
spec:
  ports:
    - name: metrics
      port: 8443
MANIFEST
show kubectl apply -f - << MANIFEST
$(queues_manifest 50)
MANIFEST
eventually 5 "A port is found by its name, and the table shows its number" \
  prints_match 'queues +queues/queue-metrics-apiserver +8443 +true +2$' kubectl get ms queues
eventually 2 "An external metric is routed to the second source" \
  prints 42 value /apis/external.metrics.k8s.io/v1beta1/namespaces/my-ns/queue_length
expect "The source with the higher priority answers for the metric that both list" prints 1500m value "$foo"

show kubectl patch ms queues --type=merge -p '{"spec":{"priority":200}}'
eventually 2 "The other one does, once its priority is higher" prints 2500m value "$foo"
expect "What the server would do is explained by its snapshot" \
  prints_match 'queues' "$products/metrics-router-server" explain pods/foo -n my-ns --snapshot="$snapshot"

eventually 5 "Events on both sources tell who answers it now" \
  prints_match 'Normal +RouteChanged .*1 metric \(pods/foo\) is answered by queues now instead of this source' \
  kubectl describe ms prometheus
eventually 5 "And why" prints_match 'Normal +RouteChanged .*its priority went from 50 to 200' kubectl describe ms queues

show kubectl patch ms queues --type=merge -p '{"spec":{"priority":100}}'
eventually 2 "Among equals the first by name answers" prints 1500m value "$foo"
eventually 5 "An event tells that too" \
  prints_match 'RouteChanged .*1 metric \(pods/foo\) is answered by this source now instead of queues' \
  kubectl describe ms prometheus

show kubectl patch ms queues --type=merge -p '{"spec":{"priority":200}}'
eventually 2 "The route changes again" prints 2500m value "$foo"
eventually 5 "What happens again is counted on its first event" \
  prints_match '=2 1 metric \(pods/foo\) is answered by queues now instead of this source' \
  kubectl get events -n default --field-selector involvedObject.name=prometheus,reason=RouteChanged \
  -o 'jsonpath={range .items[*]}={.count} {.message}{end}'
show kubectl delete ms queues
eventually 2 "Once the source is deleted, the one that is left answers" prints 1500m value "$foo"
eventually 2 "Its other metric is gone" \
  fails_with 'external metric queue_length is not provided by any metrics backend' \
  kubectl get --raw /apis/external.metrics.k8s.io/v1beta1/namespaces/my-ns/queue_length
queues_manifest 50 | kubectl apply -f - > /dev/null
eventually 5 "It can be created again" \
  prints 42 value /apis/external.metrics.k8s.io/v1beta1/namespaces/my-ns/queue_length
