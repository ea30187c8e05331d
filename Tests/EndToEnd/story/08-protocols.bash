# Both versions of HTTP, discovery in all its forms, and what the processes tell Prometheus.
# shellcheck shell=bash

chapter "HTTP/2 where the aggregator offers it, HTTP/1.1 where that is all there is"

expect "The aggregator has asked in HTTP/2" prints_match 'protocol="HTTP/2"' cat "$work/logs/server.log"
expect "The router has asked its sources in HTTP/2" \
  prints_match '^200 ' ask "$foo" --http2 --cert "$pki/admin.crt" --key "$pki/admin.key"
expect "Who speaks HTTP/1.1 gets the same" \
  prints_match '^200 .*2500m' ask "$foo" --http1.1 --cert "$pki/admin.crt" --key "$pki/admin.key"
finish server
start_server --disable-http2-serving
eventually 10 "Without HTTP/2 the aggregator falls back" prints 2500m value "$foo"
expect "The log says so" prints_match 'protocol="HTTP/1.1".*userAgent="kube' cat "$work/logs/server.log"
finish server
start_server
eventually 10 "With HTTP/2 again it goes on" prints 2500m value "$foo"

chapter "Discovery and OpenAPI"

# It asks once a minute, and later where the router was away at the time.
eventually 130 "The API server has merged the router's OpenAPI document into its own" \
  prints_match 'custom.metrics.k8s.io' kubectl get --raw /openapi/v2
for version in v2beta1 v2; do
  accept="application/json;g=apidiscovery.k8s.io;v=$version;as=APIGroupDiscoveryList"
  expect "Aggregated discovery $version holds what the lists hold" \
    prints_match "^200 .*\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":\"apidiscovery.k8s.io/$version\".*\"resource\":\"pods\"" \
    ask /apis -H "Accept: $accept" --cert "$pki/admin.crt" --key "$pki/admin.key"
done
# kubectl asks for aggregated discovery from 1.26 on; here it takes the router for the whole API server.
kubectl_as_admin=(
  kubectl "--kubeconfig=/dev/null" "--cache-dir=$work/direct" "--server=https://127.0.0.1:$server_port"
  --insecure-skip-tls-verify "--client-certificate=$pki/admin.crt" "--client-key=$pki/admin.key"
)
expect "kubectl lists what the router serves" \
  prints_match 'queue_length +external.metrics.k8s.io/v1beta1' "${kubectl_as_admin[@]}" api-resources

chapter "What Prometheus is told"

expect "The server's metrics are well-formed" passes_promtool "http://127.0.0.1:$server_metrics_port/metrics"
expect "The controller's metrics are well-formed" passes_promtool "http://127.0.0.1:$controller_metrics_port/metrics"
expect "Requests are counted by source" \
  prints_match 'metrics_router_requests_total\{group="custom.metrics.k8s.io",version="v1beta2",source="queues",code="200"\} [1-9]' \
  curl -s "http://127.0.0.1:$server_metrics_port/metrics"
expect "Names of metrics are no labels" \
  fails_with '^$' grep -E '"(pods/)?foo"|queue_length' <(curl -s "http://127.0.0.1:$server_metrics_port/metrics")
expect "On the secure port they are not for everybody" prints_match '^403 ' ask /metrics
expect "But for who may read them" \
  prints_match '^200 .*metrics_router_table_generation' ask /metrics --cert "$pki/admin.crt" --key "$pki/admin.key"
