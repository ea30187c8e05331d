# From nothing to an installed router that knows no source.
# shellcheck shell=bash

chapter "Installing, as the README says"

show kubectl apply -f deploy/all-in-one.yaml
eventually 10 "The API server serves MetricsSources" \
  prints_match 'condition met' \
  kubectl wait --for=condition=Established --timeout=1s crd/metricssources.metricsrouter.io.metricsrouter.io
eventually 5 "No source is known at first" prints 'No resources found' kubectl get ms
expect "Applying it again changes nothing" \
  prints "$(printf 'unchanged\n')" changes_of_applying_again

chapter "Without nodes there are no pods: both executables run beside the API server, with the pod's ServiceAccount"

# A name that the aggregator can dial in place of the Service that would select the pod.
show kubectl delete service metrics-apiserver -n metrics-router
show kubectl create service externalname metrics-apiserver --external-name=localhost -n metrics-router
make_router_kubeconfig
make_adapter_kubeconfig
start_controller
start_server
eventually 5 "The controller is ready" prints ok curl -sf "http://127.0.0.1:$health_port/readyz"
eventually 5 "The server is ready, and says so to anybody" prints '200 ok' ask /readyz
expect "The server knows its API groups before any source does" \
  prints '200 custom.metrics.k8s.io external.metrics.k8s.io' group_names

expect "Its certificate is one of its own, until kubelet brings that of the controller" \
  grep -q 'tls.crt is not there yet: serving with a self-signed certificate' "$work/logs/server.log"
eventually 10 "The controller has filled the Secret" prints_match '^metrics-router-serving-ca@[0-9]+$' authority_of_secret ca.crt
start_kubelet a 0.5
eventually 20 "The server serves what is in it" \
  prints_match "issuer=.*$(authority_of_secret ca.crt)" served_certificate

chapter "Registering the router as the metrics API of the cluster"

sed "s/port: 443/port: $server_port/" deploy/api-service.yaml > "$work/api-service.yaml"
show kubectl apply -f "$work/api-service.yaml"
for api_service in v1beta1.custom.metrics.k8s.io v1beta2.custom.metrics.k8s.io v1beta1.external.metrics.k8s.io; do
  eventually 30 "The aggregator reaches the router for $api_service" \
    prints True kubectl get apiservice "$api_service" -o "jsonpath={.status.conditions[?(@.type=='Available')].status}"
done
for api_service in v1beta1.custom.metrics.k8s.io v1beta2.custom.metrics.k8s.io v1beta1.external.metrics.k8s.io; do
  eventually 20 "It is verified for $api_service by the authority of the Secret" \
    prints "skips: false, trusts: $(authority_of_secret ca.crt)" trusted_by "$api_service"
done
bundle=$(kubectl get apiservice v1beta1.custom.metrics.k8s.io -o 'jsonpath={.spec.caBundle}')
expect "Applying the APIServices again changes nothing" kubectl apply -f "$work/api-service.yaml"
expect "The caBundle is still there" \
  prints "$bundle" kubectl get apiservice v1beta1.custom.metrics.k8s.io -o 'jsonpath={.spec.caBundle}'
expect "Applying the Secret again leaves in it what is there" \
  prints "$(printf 'unchanged\n')" changes_of_applying_the_secret
eventually 10 "kubectl finds v1beta2 to be the preferred version of custom metrics" \
  prints v1beta2 preferred_version custom.metrics.k8s.io
