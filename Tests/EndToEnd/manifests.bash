# The manifests of the story, and short questions about what became of them.
# shellcheck shell=bash

# The README's, word for word.
prometheus_manifest() {
  cat << YAML
apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1
kind: MetricsSource
metadata:
  name: prometheus
spec:
  insecureSkipTLSVerify: true
  priority: $1
  metricTypes:
    - CustomMetrics
  service:
    namespace: custom-metrics
    name: prometheus-metrics-apiserver
    port:
      number: 443
YAML
}

# Both types of metrics, a port by its name, and an authority to verify the certificate with.
queues_manifest() {
  cat << YAML
apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1
kind: MetricsSource
metadata:
  name: queues
spec:
  priority: $1
  metricTypes:
    - CustomMetrics
    - ExternalMetrics
  service:
    namespace: queues
    name: queue-metrics-apiserver
    port:
      name: metrics
  caBundle: $(base64 -w 0 "$pki/queues-ca.crt")
YAML
}

# workload NAME - a Deployment, and the pod that it would have: without a kubelet nobody else makes one.
workload() {
  cat << YAML
apiVersion: apps/v1
kind: Deployment
metadata: {name: $1, namespace: my-ns}
spec:
  replicas: 1
  selector: {matchLabels: {app: $1}}
  template:
    metadata: {labels: {app: $1}}
    spec: {containers: [{name: app, image: app}]}
---
apiVersion: v1
kind: Pod
metadata: {name: $1-0, namespace: my-ns, labels: {app: $1}}
spec: {containers: [{name: app, image: app}]}
YAML
}

# autoscaler DEPLOYMENT METRIC [NAME]
autoscaler() {
  cat << YAML
apiVersion: autoscaling/$autoscaling
kind: HorizontalPodAutoscaler
metadata: {name: ${3:-$1}, namespace: my-ns}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: $1}
  minReplicas: 1
  maxReplicas: 10
  metrics:
    - $2
YAML
}

# v2 came with 1.23, and v2beta2 went with 1.26.
autoscaling_version() {
  kubectl get --raw /apis/autoscaling | jq -r '[.versions[].version] | if index("v2") then "v2" else "v2beta2" end'
}

preferred_version() { kubectl get --raw "/apis/$1" | jq -r .preferredVersion.version; }

group_names() {
  ask /apis --cert "$pki/admin.crt" --key "$pki/admin.key" \
    | { read -r code body; echo "$code $(jq -r '[.groups[].name] | sort | join(" ")' <<< "$body")"; }
}

# conditions SOURCE
conditions() {
  kubectl get ms "$1" -o json | jq -r '[.status.conditions[] | "\(.type)=\(.status)"] | sort | join(" ")'
}

changes_of_applying_the_secret() {
  kubectl apply -f deploy/kustomize/base/serving-certificate.yaml | awk '{print $NF}'
}

changes_of_applying_again() {
  kubectl apply -f deploy/all-in-one.yaml | awk '{print $NF}' | sort -u
}
