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
  prints 'Ready=True Routed=True Synced=True' conditions prometheus
eventually 5 "An event tells of it beside the source" \
  prints_match 'Normal +Synced +.*metrics-router-controller +476 metrics are listed by the backend' \
  kubectl describe ms prometheus
expect "kubectl get ms -o wide adds priority, list, claims and readiness" \
  prints_match 'PRIORITY +LISTED +CLAIMS +READY +AGE.*prometheus .* 100 +476 +0 +[A-Z][A-Za-z]+ +[0-9]+s' \
  kubectl get ms -o wide
eventually 5 "Discovery lists the metrics" \
  prints_match '"pods/foo"' kubectl get --raw /apis/custom.metrics.k8s.io/v1beta2

chapter "What the schema refuses"

expect_schema

chapter "What the schema cannot catch"

show kubectl apply -f Tests/Fixtures/Manifests/unusable/ca-bundle-no-certificate.yaml
eventually 5 "The condition says what is wrong, where, and what to do" \
  prints_match 'InvalidSpec spec.caBundle: .*PEM' \
  kubectl get ms ca-bundle-no-certificate -o 'jsonpath={.status.conditions[0].reason} {.status.conditions[0].message}'
expect "The same is said offline" \
  fails_with 'MetricsSource ca-bundle-no-certificate: spec.caBundle: .*PEM' \
  "$products/metrics-router-controller" validate Tests/Fixtures/Manifests/unusable/ca-bundle-no-certificate.yaml
kubectl delete ms ca-bundle-no-certificate > /dev/null

chapter "A Service that leads out of the cluster"

show kubectl apply -f - << 'MANIFEST'
apiVersion: v1
kind: Service
metadata: {name: elsewhere, namespace: default}
spec: {type: ExternalName, externalName: metadata.google.internal}
---
apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1
kind: MetricsSource
metadata: {name: elsewhere}
spec:
  priority: 1
  metricTypes: [CustomMetrics]
  service: {namespace: default, name: elsewhere, port: {number: 80}, scheme: HTTP}
MANIFEST
eventually 5 "The condition says that it is not asked, and what would allow it" \
  prints_match 'ExternalName Service default/elsewhere is of type ExternalName.*--allow-external-name-services' \
  kubectl get ms elsewhere -o 'jsonpath={.status.conditions[0].reason} {.status.conditions[0].message}'
kubectl delete ms/elsewhere service/elsewhere > /dev/null
