# What the story of a migration is told with: two providers, and somebody who reads a metric all the time.
# shellcheck shell=bash

# provider NAME PORT - the namespace and the Service of one; a name that the aggregator can dial.
provider() {
  local service=newrelic
  [[ $1 != former ]] || service=prometheus-adapter
  cat << YAML
apiVersion: v1
kind: Namespace
metadata: {name: $1}
---
apiVersion: v1
kind: Service
metadata: {name: $service, namespace: $1}
spec: {type: ExternalName, externalName: localhost, ports: [{port: $2}]}
YAML
}

# next_manifest PRIORITY SHADOWED
next_manifest() {
  cat << YAML
apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1
kind: MetricsSource
metadata:
  name: next
spec:
  priority: $1
  metricTypes: [ExternalMetrics]
  insecureSkipTLSVerify: true
  service: {namespace: next, name: newrelic, port: {number: $next_port}}
  shadowOf: $2
YAML
}

# running_workload NAME - a Deployment with a pod that is said to run.
running_workload() {
  workload "$1" | kubectl apply -f - > /dev/null
  api PATCH "/api/v1/namespaces/my-ns/pods/$1-0/status" \
    '{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}' > /dev/null
  api PATCH "/apis/apps/v1/namespaces/my-ns/deployments/$1/status" '{"status":{"replicas":1}}' > /dev/null
}

# replicas_of DEPLOYMENT - that are wanted. No kubelet makes them: they are said to be there, for the next sync to count.
replicas_of() {
  local wanted
  wanted=$(kubectl get deployment "$1" -n my-ns -o 'jsonpath={.spec.replicas}')
  api PATCH "/apis/apps/v1/namespaces/my-ns/deployments/$1/status" "{\"status\":{\"replicas\":$wanted}}" > /dev/null
  echo "$wanted"
}

# api_service_as_it_was NAME - all of it that its owner wrote.
api_service_as_it_was() {
  kubectl get apiservice "$1" -o json \
    | jq -S '{spec, labels: .metadata.labels, annotations: .metadata.annotations
        | with_entries(select(.key != "kubectl.kubernetes.io/last-applied-configuration"))}'
}

# start_reading PATH - ten times a second, through the API server, until stop_reading; for five minutes at most.
start_reading() { launch reader keep_reading "https://127.0.0.1:$apiserver_port$1"; }

keep_reading() {
  local attempt
  for ((attempt = 0; attempt < 3000; attempt++)); do
    curl -s -o /dev/null -w '%{http_code}\n' --max-time 10 --cacert "$pki/cluster-ca.crt" --cert "$pki/admin.crt" \
      --key "$pki/admin.key" "$1" || true
    sleep 0.1
  done
}

stop_reading() { finish reader || true; }

readings() {
  awk '{ reads++ } $1 != 200 { failed++ } END { printf "%d reads, %d failed\n", reads, failed }' "$work/logs/reader.log"
}

# failed_readings_of HPA - its events that tell of a metric it did not get.
failed_readings_of() {
  kubectl get events -n my-ns -o json \
    | jq -r --arg name "$1" '.items[] | select(.involvedObject.kind == "HorizontalPodAutoscaler"
        and .involvedObject.name == $name and (.reason | test("^Failed(Get|Compute)"))) | .message'
}
