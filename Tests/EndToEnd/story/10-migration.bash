# From one provider to another, both alive and unchanged, under an HPA that must never miss a metric: adopt, pin, compare,
# switch, and roll back. The providers behave as a prometheus-adapter and a New Relic adapter do.
# shellcheck shell=bash

chapter "A cluster with one provider of external metrics"

orders=/apis/external.metrics.k8s.io/v1beta1/namespaces/my-ns/orders
kubectl delete -f "$work/api-service.yaml" > /dev/null
kubectl delete ms --all > /dev/null
launch former-provider "$products/sample-adapter" --profile=prometheus-adapter --latency=5 --port="$former_port" \
  --external=orders=42
launch next-provider "$products/sample-adapter" --profile=new-relic --latency=5 --port="$next_port" \
  --external=orders=63 --external=refunds=7
show kubectl apply -f - << MANIFEST
$(provider former "$former_port")
---
$(provider next "$next_port")
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata:
  name: v1beta1.external.metrics.k8s.io
  labels: {app.kubernetes.io/managed-by: Helm}
  annotations: {meta.helm.sh/release-name: former, meta.helm.sh/release-namespace: former}
spec:
  group: external.metrics.k8s.io
  version: v1beta1
  groupPriorityMinimum: 100
  versionPriority: 100
  insecureSkipTLSVerify: true
  service: {namespace: former, name: prometheus-adapter, port: $former_port}
MANIFEST
eventually 30 "The former provider answers" prints 42 value "$orders"
former_api_service=$(api_service_as_it_was v1beta1.external.metrics.k8s.io)
running_workload shop
running_workload returns
show kubectl apply -f - << MANIFEST
$(autoscaler shop '{type: External, external: {metric: {name: orders}, target: {type: AverageValue, averageValue: "21"}}}')
MANIFEST
eventually 60 "An HPA scales by it: 42 where 21 a replica are wanted make 2" prints 2 replicas_of shop

start_reading "$orders"

chapter "Adopting"

expect "Who owns the metrics APIs is told, and nothing is changed" \
  prints_match 'v1beta1.external.metrics.k8s.io: former/prometheus-adapter:[0-9]+.*Helm release former in former.*kind: MetricsSource' \
  "$products/metrics-router-controller" adopt --router-port="$server_port"
adopting=(adopt --apply --router-port="$server_port" --rollback-file="$work/rollback.yaml" --settle=2s --grace=5s)
expect "adopt --apply takes them over in the safe order" \
  prints_match 'synced, 1 metrics.*v1beta1.external.metrics.k8s.io: Available.*adopted: ' \
  "$products/metrics-router-controller" "${adopting[@]}"
expect "The former provider is now a source, and answers through the router" \
  prints_match 'prometheus-adapter +former/prometheus-adapter +[0-9]+ +true +1$' kubectl get ms prometheus-adapter
expect "The value is the same" prints 42 value "$orders"

chapter "A series that is idle"

curl -sfk -X POST "https://127.0.0.1:$former_port/profile?metric=orders&condition=unlisted" > /dev/null
eventually 10 "A metric that vanishes from the list stays routed, and is said to be" \
  prints_match 'no longer lists it, but did a short while ago.*last listed at ' \
  "$products/metrics-router-server" explain orders -n my-ns --snapshot="$snapshot"
expect "It is answered as before" prints 42 value "$orders"
curl -sfk -X POST "https://127.0.0.1:$former_port/profile?metric=orders&condition=active" > /dev/null

chapter "Trying the next provider"

show kubectl apply -f - << MANIFEST
$(next_manifest 1 prometheus-adapter)
MANIFEST
eventually 5 "It is synced beside the former one" prints_match 'next +next/newrelic +[0-9]+ +true +2$' kubectl get ms next
expect "The former one goes on answering, by its priority" prints 42 value "$orders"
expect "Who names the next one is answered by it" \
  prints 63 value "$orders?labelSelector=metricsrouter.io/source%3Dnext"
expect "A source that is not there is named" \
  fails_with 'metrics source nobody, which the selector names' \
  kubectl get --raw "$orders?labelSelector=metricsrouter.io/source%3Dnobody"
show kubectl apply -f - << MANIFEST
$(autoscaler returns '{type: External, external: {metric: {name: orders, selector: {matchLabels: {metricsrouter.io/source: next}}},
      target: {type: AverageValue, averageValue: "21"}}}')
MANIFEST
eventually 60 "An HPA can name it too: 63 where 21 a replica are wanted make 3" prints 3 replicas_of returns
expect "Both are explained, and asked side by side" \
  prints_match 'answered by prometheus-adapter .*asked after NotFound: next .*prometheus-adapter +200 +[0-9.]+ms +answer +42' \
  curl -sf "http://127.0.0.1:$status_port/debug/explain?metric=orders&namespace=my-ns&ask=true"
eventually 15 "The next one shadows the former: that it differs is counted" \
  prints_match 'metrics_router_shadow_comparisons_total\{source="next",of="prometheus-adapter",result="differed"\} [1-9]' \
  curl -sf "http://127.0.0.1:$server_metrics_port/metrics"
eventually 40 "So says its status: 63 is a third more than 42" \
  prints_match 'prometheus-adapter [1-9][0-9]* 0\.33' \
  kubectl get ms next -o 'jsonpath={.status.shadow.of} {.status.shadow.differed} {.status.shadow.maxRelativeDifference}'

chapter "Switching over, and back"

show kubectl patch ms next --type=merge -p '{"spec":{"priority":200,"shadowOf":null}}'
eventually 2 "One field makes the next provider the one that answers" prints 63 value "$orders"
eventually 60 "The HPA follows" prints 3 replicas_of shop
expect "A rollback is told first" \
  prints_match 'would be given back to former/prometheus-adapter' \
  "$products/metrics-router-controller" rollback --rollback-file="$work/rollback.yaml" --router-port="$server_port"
expect "rollback --apply gives the API back to the former provider" \
  prints_match 'rolled back' \
  "$products/metrics-router-controller" rollback --apply --rollback-file="$work/rollback.yaml" \
  --router-port="$server_port" --settle=2s --grace=5s
expect "Its APIService is exactly what it was" \
  prints "$former_api_service" api_service_as_it_was v1beta1.external.metrics.k8s.io
eventually 10 "It answers, as it did before" prints 42 value "$orders"
eventually 60 "The HPA follows again" prints 2 replicas_of shop

stop_reading
expect "Nobody who read the metric in all that time missed it" prints_match '^[1-9][0-9]{2,} reads, 0 failed$' readings
expect "Neither did the HPA" prints '' failed_readings_of shop

kubectl delete hpa shop returns -n my-ns > /dev/null
kubectl delete apiservice v1beta1.external.metrics.k8s.io > /dev/null
kubectl apply -f "$work/api-service.yaml" > /dev/null
