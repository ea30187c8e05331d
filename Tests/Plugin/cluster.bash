# The cluster that the plugin is tried on: an installed router with two sources, and pods that are said to run.
# shellcheck shell=bash

# What must never be in a bundle, each planted in a place of its own.
canaries=(
  canary-annotation-7Q canary-applied-8R canary-env-9S canary-arg-1T canary-arg-word-2U canary-log-bearer-3V
  canary-log-password-4W canary-url-5X canary-secret-6Y canary-key-7Z
)

prepare_plugin() {
  REAL_KUBECTL=$(command -v kubectl)
  FAKE=$work/fake
  PRODUCTS=$products
  export REAL_KUBECTL FAKE PRODUCTS
  mkdir -p "$FAKE/logs" "$work/bin"
  ln -s "$here/kubectl" "$work/bin/kubectl"
  # By links, as a package installs it.
  ln -s "$repository/deploy/plugin/kubectl-metricsrouter" "$work/bin/kubectl-metricsrouter"
  ln -s "$repository/deploy/plugin/kubectl_complete-metricsrouter" "$work/bin/kubectl_complete-metricsrouter"
  ln -s "$products/metrics-router-controller" "$work/bin/metrics-router-controller"
  real_path=$PATH
  echo "--snapshot=$snapshot" > "$FAKE/routes-flags"
  printf '%s\n' "--snapshot=$snapshot" "${connect_to[@]}" \
    --backend-service-account=metrics-router/metrics-router > "$FAKE/explain-flags"
  printf '%s\n' "8080 $controller_metrics_port" "8082 $server_metrics_port" "8083 $status_port" > "$FAKE/ports"
}

# plugin ARGUMENT... - as kubectl runs it.
plugin() { PATH=$work/bin:$real_path kubectl-metricsrouter "$@"; }

# plugin_status ARGUMENT... - what it exits with, and nothing else.
plugin_status() {
  local status=0
  plugin "$@" > "$work/plugin.out" 2>&1 < /dev/null || status=$?
  echo "$status"
}

# on_terminal ARGUMENT... - what it writes to a terminal, control sequences shown as ^[.
on_terminal() {
  PATH=$work/bin:$real_path script -qec "kubectl-metricsrouter $(printf '%q ' "$@")" /dev/null < /dev/null | sed 's/\x1b/^[/g'
}

# A router as the README installs it, and the two sources of the story.
start_router() {
  kubectl apply -f deploy/all-in-one.yaml > /dev/null
  kubectl wait --for=condition=Established --timeout=10s crd/metricssources.metricsrouter.io.metricsrouter.io > /dev/null
  kubectl delete service metrics-apiserver -n metrics-router > /dev/null
  kubectl create service externalname metrics-apiserver --external-name=localhost -n metrics-router > /dev/null
  make_router_kubeconfig
  make_adapter_kubeconfig
  start_prometheus_adapter
  start_queue_adapter
  kubectl apply -f - > /dev/null << YAML
apiVersion: v1
kind: Namespace
metadata: {name: queues}
---
apiVersion: v1
kind: Service
metadata: {name: queue-metrics-apiserver, namespace: queues}
spec: {ports: [{name: metrics, port: 8443}]}
YAML
  start_controller
  start_server
  start_kubelet a 0.5
  prometheus_manifest 100 | kubectl apply -f - > /dev/null
  queues_manifest 50 | kubectl apply -f - > /dev/null
  pod_of_router router-0 | kubectl apply -f - > /dev/null
  say_that_it_runs router-0 True
  wait_until 30 are_both_synced || { echo "the sources are not synced" >&2; exit 1; }
}

are_both_synced() {
  [[ $(kubectl get ms -o 'jsonpath={.items[*].status.synced}') == "true true" ]]
}

# pod_of_router NAME - with secrets where people leave them.
pod_of_router() {
  cat << YAML
apiVersion: v1
kind: Pod
metadata:
  name: $1
  namespace: metrics-router
  labels: {app.kubernetes.io/name: metrics-router}
  annotations: {example.com/note: ${canaries[0]}, example.com/applied: '{"password":"${canaries[1]}"}'}
spec:
  containers:
    - name: controller
      image: metrics-router:0.1.0
      env: [{name: PROXY_PASSWORD, value: ${canaries[2]}}, {name: HTTPS_PROXY, value: "http://me:${canaries[7]}@proxy:3128"}]
      args: ["--api-token=${canaries[3]}", "--password", "${canaries[4]}", "--v=2"]
    - name: server
      image: metrics-router:0.1.0
---
apiVersion: v1
kind: Secret
metadata: {name: metrics-router-key, namespace: metrics-router}
stringData: {key: ${canaries[8]}}
YAML
}

# say_that_it_runs POD READY - since no kubelet says so.
say_that_it_runs() {
  local is_ready=false
  [[ $2 != True ]] || is_ready=true
  api PATCH "/api/v1/namespaces/metrics-router/pods/$1/status" "{\"status\":{\"phase\":\"Running\",
    \"conditions\":[{\"type\":\"Ready\",\"status\":\"$2\"}],\"containerStatuses\":[
    {\"name\":\"controller\",\"ready\":$is_ready,\"restartCount\":0,\"image\":\"i\",\"imageID\":\"i\",\"state\":{\"running\":{}}},
    {\"name\":\"server\",\"ready\":$is_ready,\"restartCount\":0,\"image\":\"i\",\"imageID\":\"i\",\"state\":{\"running\":{}}}]}}" > /dev/null
}
