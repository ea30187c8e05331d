# Metrics, from an adapter through the pod and the aggregation layer to who asks.
# shellcheck shell=bash

chapter "Metrics flow"

foo="/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/pods/web-0/foo"
queue_length="/apis/external.metrics.k8s.io/v1beta1/namespaces/default/queue_length"

kubectl delete service metrics-apiserver -n "$namespace" > /dev/null
kubectl create service externalname metrics-apiserver --external-name=localhost -n "$namespace" > /dev/null
sed 's/port: 443/port: 6443/' deploy/api-service.yaml > "$work/api-service.yaml"
show kubectl apply -f "$work/api-service.yaml"
show kubectl apply -f - << MANIFEST
$(prometheus_manifest 100)
MANIFEST
show kubectl apply -f - << MANIFEST
$(queues_manifest 50)
MANIFEST
eventually 20 "Both sources are found by DNS, and synced" \
  prints 'true true' kubectl get ms -o 'jsonpath={.items[*].status.synced}'
for api_service in v1beta1.custom.metrics.k8s.io v1beta2.custom.metrics.k8s.io v1beta1.external.metrics.k8s.io; do
  eventually 60 "The aggregator reaches the pod for $api_service" \
    prints True kubectl get apiservice "$api_service" -o "jsonpath={.status.conditions[?(@.type=='Available')].status}"
done
eventually 10 "A custom metric of one adapter is served" prints 1500m value "$foo"
eventually 10 "An external metric of the other is served" prints 42 value "$queue_length"
