# A backend goes away and comes back.
# shellcheck shell=bash

chapter "A backend is down"

finish prometheus-adapter || true
eventually 15 "SYNCED turns false, and the metrics that were known stay counted" \
  prints_match 'prometheus +custom-metrics/prometheus-metrics-apiserver +443 +false +476' kubectl get ms prometheus
expect "The condition says why" prints_match 'Synced=False' conditions prometheus
eventually 5 "So does an event, from which on-call sees since when" \
  prints_match 'Warning +SyncFailed .*Backend[A-Z][a-z]+: .*stays routed' kubectl describe ms prometheus
expect "Its metrics are unavailable: neither unknown nor empty" \
  fails_with '[Ss]ervice ?[Uu]navailable|unable to handle|did not answer|503' kubectl get --raw "$pods/*/requests"
expect "The status is 503 and names the source" prints_match '^503 .*prometheus' \
  ask "$pods/*/requests" --cert "$pki/admin.crt" --key "$pki/admin.key"
expect "No other source answers in its place" fails_with '.' kubectl get --raw "$foo"
expect "The other source is not affected" \
  prints 42 value /apis/external.metrics.k8s.io/v1beta1/namespaces/my-ns/queue_length
expect "Discovery still lists its metrics" \
  prints_match '"pods/requests"' kubectl get --raw /apis/custom.metrics.k8s.io/v1beta2
# Both suffer from a metrics API that does not answer discovery: every client asks for it, the deletion of a namespace too.
expect "kubectl finds its resources at once" \
  prints_match 'queue_length +external.metrics.k8s.io/v1beta1' timeout 8 kubectl api-resources --cached=false
show kubectl create namespace doomed
show kubectl create configmap content -n doomed
expect "A namespace can be deleted, with what is in it" prints_match deleted kubectl delete namespace doomed --timeout=15s

start_prometheus_adapter
eventually 30 "SYNCED turns true when the backend is back" \
  prints_match 'prometheus +custom-metrics/prometheus-metrics-apiserver +443 +true +476' kubectl get ms prometheus
eventually 5 "An event tells that it is" \
  prints_match 'Normal +Synced .*its list can be read again: 476 metrics' kubectl describe ms prometheus
eventually 10 "Its metrics are served again" prints 7 value "$pods/web-0/requests"
