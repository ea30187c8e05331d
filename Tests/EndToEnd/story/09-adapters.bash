# An adapter that does not list its metrics, by the recipe of docs/adapters; and two sources that list the same.
# shellcheck shell=bash

chapter "An adapter that lists a placeholder"

trigger=/apis/external.metrics.k8s.io/v1beta1/namespaces/my-ns/s0-orders
recipe=Tests/Fixtures/Adapters/keda.yaml
launch keda "$products/sample-adapter" --profile=keda --latency=5 --port="$keda_port" \
  --kubeconfig="$work/adapter.kubeconfig" --external=my-ns/parcels/s0-orders=30
show kubectl apply -f - << MANIFEST
apiVersion: v1
kind: Namespace
metadata: {name: keda}
---
apiVersion: v1
kind: Service
metadata: {name: keda-operator-metrics-apiserver, namespace: keda}
spec: {ports: [{name: https, port: 443}]}
MANIFEST
show kubectl apply -f - << MANIFEST
$(sed '/claims:/,/selectorKeys/d' "$recipe")
MANIFEST
eventually 5 "Without a claim nothing is routed to it" \
  prints_match 'keda +keda/keda-operator-metrics-apiserver +443 +true +0$' kubectl get ms keda
expect "Its status shows the placeholder, and says which claim to add" \
  prints_match '^externalmetrics .*PlaceholderOnly.*scaledobject.keda.sh/name' \
  kubectl get ms keda -o 'jsonpath={.status.placeholder} {.status.conditions}'
eventually 5 "So does an event" \
  prints_match 'Warning +Placeholder .*lists only the placeholder externalmetrics.*scaledobject.keda.sh/name' \
  kubectl describe ms keda
expect "Its metrics are not found" \
  fails_with 'external metric s0-orders is not provided by any metrics backend' \
  kubectl get --raw "$trigger?labelSelector=scaledobject.keda.sh/name%3Dparcels"
show kubectl apply -f "$recipe"
eventually 2 "With the claim of the recipe they are" \
  prints 30 value "$trigger?labelSelector=scaledobject.keda.sh/name%3Dparcels"
expect "What it does not claim stays unknown" \
  fails_with 'external metric s0-orders is not provided by any metrics backend' kubectl get --raw "$trigger"
expect "What it does not know is its own 500, never an empty list" \
  fails_with 'no matching metrics found for s1-none' \
  kubectl get --raw "${trigger/s0-orders/s1-none}?labelSelector=scaledobject.keda.sh/name%3Dparcels"
running_workload parcels
show kubectl apply -f - << MANIFEST
$(autoscaler parcels '{type: External, external: {metric: {name: s0-orders, selector: {matchLabels: {scaledobject.keda.sh/name: parcels}}},
      target: {type: AverageValue, averageValue: "10"}}}')
MANIFEST
eventually 60 "An HPA as KEDA makes it scales: 30 where 10 a replica are wanted make 3" prints 3 replicas_of parcels
kubectl delete hpa parcels -n my-ns > /dev/null

chapter "Two sources of one priority"

show kubectl patch ms queues --type=merge -p '{"spec":{"priority":100}}'
for source in prometheus queues; do
  eventually 10 "The condition Conflict on $source names the metric and who answers it" \
    prints_match 'True EqualPriority .*pods/foo.*answers' \
    kubectl get ms "$source" -o "jsonpath={range .status.conditions[?(@.type=='Conflict')]}{.status} {.reason} {.message}{end}"
done
eventually 10 "An event tells of it" \
  prints_match 'Conflict +metricssource/queues' kubectl get events -n default
expect "It names the resource that it is about, and the version that it had" \
  prints_match '^(metricsrouter.io.metricsrouter.io/v1alpha1 MetricsSource [0-9a-f-]{36} [0-9]+ )+$' \
  kubectl get events -n default --field-selector involvedObject.name=queues,reason=Conflict \
  -o 'jsonpath={range .items[*].involvedObject}{.apiVersion} {.kind} {.uid} {.resourceVersion} {end}'
show kubectl patch ms queues --type=merge -p '{"spec":{"priority":50}}'
eventually 10 "Other priorities end it" \
  prints_match '^False NoConflict' \
  kubectl get ms queues -o "jsonpath={range .status.conditions[?(@.type=='Conflict')]}{.status} {.reason}{end}"
