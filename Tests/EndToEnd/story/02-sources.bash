# The README's own manifest, and what becomes of ones that are wrong.
# shellcheck shell=bash

chapter "Creating a metrics source"

start_prometheus_adapter
show kubectl apply -f - << MANIFEST
$(prometheus_manifest 100)
MANIFEST
eventually 5 "kubectl get ms prints the table of the README" \
  prints "$(printf '%s\n' \
    'NAME         SERVICE                                       PORT   SYNCED   METRICS' \
    'prometheus   custom-metrics/prometheus-metrics-apiserver   443    true     476')" \
  kubectl get ms
expect "The conditions say the same" \
  prints 'Routed=True Synced=True' conditions prometheus
eventually 5 "Discovery lists the metrics" \
  prints_match '"pods/foo"' kubectl get --raw /apis/custom.metrics.k8s.io/v1beta2

chapter "What the schema refuses"

refused 'priority' '{"metricTypes": ["CustomMetrics"], "service": {"namespace": "a", "name": "b", "port": {"number": 443}}}' \
  "A source needs a priority"
refused 'metricTypes' '{"priority": 1, "metricTypes": [], "service": {"namespace": "a", "name": "b", "port": {"number": 443}}}' \
  "A source serves metrics of some type"
refused 'ResourceMetrics' \
  '{"priority": 1, "metricTypes": ["ResourceMetrics"], "service": {"namespace": "a", "name": "b", "port": {"number": 443}}}' \
  "Metrics are custom or external"
refused '[Dd]uplicate' \
  '{"priority": 1, "metricTypes": ["CustomMetrics", "CustomMetrics"], "service": {"namespace": "a", "name": "b", "port": {"number": 443}}}' \
  "A type is named once"
refused 'port' '{"priority": 1, "metricTypes": ["CustomMetrics"], "service": {"namespace": "a", "name": "b", "port": {}}}' \
  "A port is a number or a name"
refused 'port' \
  '{"priority": 1, "metricTypes": ["CustomMetrics"], "service": {"namespace": "a", "name": "b", "port": {"number": 443, "name": "https"}}}' \
  "A port is not both"
refused 'timeoutSeconds' \
  '{"priority": 1, "metricTypes": ["CustomMetrics"], "service": {"namespace": "a", "name": "b", "port": {"number": 443}}, "timeoutSeconds": 61}' \
  "A request takes a minute at most"
