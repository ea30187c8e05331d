# Both executables as their containers would run them, and two sample adapters in place of metrics servers. Names of
# Services mean nothing on this host, so `--connect-to` says where they are. The sourcing script chooses the ports:
# prometheus_port, queues_port, server_port, health_port, server_metrics_port, controller_metrics_port, status_port,
# keda_port, former_port, next_port.
# shellcheck shell=bash

products=${PRODUCTS:-$repository/.build/release}

find_products() {
  local name
  for name in metrics-router-controller metrics-router-server sample-adapter; do
    [[ -x $products/$name ]] || { echo "$products/$name is missing: make build" >&2; return 1; }
  done
}

prepare_product() {
  snapshot=$work/snapshot/routing-table.json
  mkdir -p "$work/snapshot"
  connect_to=(
    --connect-to="prometheus-metrics-apiserver.custom-metrics.svc:443:127.0.0.1:$prometheus_port"
    --connect-to="queue-metrics-apiserver.queues.svc:8443:127.0.0.1:$queues_port"
    --connect-to="keda-operator-metrics-apiserver.keda.svc:443:127.0.0.1:$keda_port"
    --connect-to="prometheus-adapter.former.svc:$former_port:127.0.0.1:$former_port"
    --connect-to="newrelic.next.svc:$next_port:127.0.0.1:$next_port"
  )
}

# Lists as many metrics as the one in the README's walkthrough. It lets in whom the API server allows, and serves with a
# certificate that nobody has signed. Like any adapter it could keep the tokens that it is shown; this one does.
start_prometheus_adapter() {
  local metrics=(
    --custom=pods/foo=1500m --custom=pods/requests=7 --custom=deployments.apps/depth=7 --custom=namespaces/foo=3
  ) index
  for ((index = ${#metrics[@]}; index < 476; index++)); do metrics+=("--custom=pods/series_$index=$index"); done
  launch prometheus-adapter "$products/sample-adapter" --port="$prometheus_port" --name=prometheus \
    --kubeconfig="$work/adapter.kubeconfig" --seen-tokens="$work/prometheus.tokens" --pods=web-0 "${metrics[@]}"
}

# Serves with a certificate of the authority that its MetricsSource names.
start_queue_adapter() {
  launch queue-adapter "$products/sample-adapter" --port="$queues_port" --name=queues --pods=web-0 \
    --custom=pods/foo=2500m --external=queue_length=42 --seen-tokens="$work/queues.tokens" \
    --tls-cert-file="$pki/queues.crt" --tls-private-key-file="$pki/queues.key"
}

make_queue_certificates() {
  make_authority queues-ca queues-authority
  make_certificate queues queues-ca /CN=queues serverAuth DNS:queue-metrics-apiserver.queues.svc
}

# The pod's ServiceAccount, with nothing but the rights that the manifests give.
make_router_kubeconfig() {
  service_account_token metrics-router metrics-router-controller-manager > "$work/router.token"
  make_kubeconfig "$work/router.kubeconfig" "tokenFile: $work/router.token"
}

# The ServiceAccount of an adapter that delegates to the API server, as their own manifests set it up.
make_adapter_kubeconfig() {
  kubectl create serviceaccount adapter -n default > /dev/null
  kubectl create clusterrolebinding adapter-auth-delegator --clusterrole=system:auth-delegator \
    --serviceaccount=default:adapter > /dev/null
  service_account_token default adapter > "$work/adapter.token"
  make_kubeconfig "$work/adapter.kubeconfig" "tokenFile: $work/adapter.token"
}

# start_controller [NAME [FLAG...]] - a short interval shows within seconds what takes minutes otherwise. Outside of a pod nobody
# says in which namespace the lease is.
start_controller() {
  local name=${1:-controller}
  shift $(($# > 0))
  launch "$name" "$products/metrics-router-controller" --kubeconfig="$work/router.kubeconfig" \
    --snapshot="$snapshot" --health-bind-address="127.0.0.1:$health_port" \
    --metrics-bind-address="127.0.0.1:$controller_metrics_port" --resync-interval=2s \
    --server-status-address="127.0.0.1:$status_port" --leader-elect-resource-namespace=metrics-router \
    --serving-certificate-secret=metrics-router/metrics-router-serving-certificate \
    --server-secure-address="127.0.0.1:$server_port" --backend-service-account=metrics-router/metrics-router \
    "${connect_to[@]}" -v=2 "$@"
}

# start_server [FLAG...] - under the name in server_name, where one is set, with the volume of the replica in replica.
start_server() {
  local serving
  serving=$(serving_folder "${replica:-a}")
  launch "${server_name:-server}" "$products/metrics-router-server" --kubeconfig="$work/router.kubeconfig" --snapshot="$snapshot" \
    --bind-address=127.0.0.1 --secure-port="$server_port" \
    --tls-cert-file="$serving/tls.crt" --tls-private-key-file="$serving/tls.key" --tls-cert-may-come-later \
    --metrics-bind-address="127.0.0.1:$server_metrics_port" --status-bind-address="127.0.0.1:$status_port" \
    --backend-service-account=metrics-router/metrics-router \
    "${connect_to[@]}" -v=2 "$@"
}

# ask PATH [CURL-OPTION...] - the router itself, not through the aggregator; prints the status, then the body. Not in
# curl's name, for which JSON is indented.
ask() {
  local path=$1
  shift
  curl -sk -A story --max-time 5 -w '\n%{http_code}\n' "$@" "https://127.0.0.1:$server_port$path" \
    | jq -Rrs 'split("\n") | "\(.[-2]) \(.[:-2] | join("\n"))"'
}

# value PATH - what the metric is, asked through the API server.
value() { kubectl get --raw "$1" | jq -r '.items[0].value'; }
