# Both executables without a cluster, five adapters, somebody who reviews callers, and a Prometheus that scrapes as the
# ServiceMonitor has it: the controller by HTTP, the server on its secure port, with a token and its authority.
# shellcheck shell=bash

products=${PRODUCTS:-$repository/.build/release}

find_products() {
  local name
  for name in metrics-router-controller metrics-router-server; do
    [[ -x $products/$name ]] || { echo "$products/$name is missing: make build" >&2; return 1; }
  done
}

# source_manifest NAME PRIORITY [LINE-OF-SPEC...]
source_manifest() {
  local name=$1 priority=$2 line
  shift 2
  cat << YAML
apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1
kind: MetricsSource
metadata: {name: $name}
spec:
  priority: $priority
  metricTypes: [CustomMetrics]
  service: {namespace: adapters, name: $name, port: {number: 80}, scheme: HTTP}
  auth: None
YAML
  for line in "$@"; do printf '  %s\n' "$line"; done
}

make_certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=metrics-router \
    -addext "subjectAltName=DNS:metrics-apiserver.metrics-router.svc" \
    -keyout "$work/serving.key" -out "$work/serving.crt" 2> "$work/openssl.log"
}

# scrape NAME PORT [LINE...] - a job as the ServiceMonitor makes it, for one of its endpoints.
scrape() {
  local name=$1 port=$2 line
  shift 2
  cat << YAML
  - job_name: $name
    metrics_path: /metrics
    static_configs:
      - targets: ["127.0.0.1:$port"]
        labels: {namespace: metrics-router, pod: metrics-router-0, container: $name, service: metrics-router-metrics}
    relabel_configs:
      - {target_label: job, replacement: metrics-router-metrics}
      - {target_label: endpoint, replacement: $name}
YAML
  for line in "$@"; do printf '    %s\n' "$line"; done
}

prometheus_configuration() {
  echo "global: {scrape_interval: 1s, evaluation_interval: 1s}"
  echo "rule_files: [$repository/deploy/observability/rules.yaml]"
  echo "scrape_configs:"
  scrape controller "$controller_metrics_port"
  scrape server "$server_port" "scheme: https" "authorization: {credentials: prometheus}" \
    "tls_config: {ca_file: $work/serving.crt, server_name: metrics-apiserver.metrics-router.svc}"
}

reviews_kubeconfig() {
  cat << YAML
apiVersion: v1
kind: Config
current-context: test
clusters: [{name: test, cluster: {server: "http://127.0.0.1:$reviews_port"}}]
contexts: [{name: test, context: {cluster: test, user: test}}]
users: [{name: test, user: {token: router}}]
YAML
}

start_scene() {
  local name connect_to=()
  read -r reviews_port steady_port next_port slow_port partial_port fragile_port server_port health_port status_port \
    controller_metrics_port prometheus_port <<< "$(free_ports 11)"
  mkdir -p "$work/sources" "$work/snapshot"
  make_certificate
  launch peers /usr/bin/python3 "$here/peers.py" "$reviews_port" "$steady_port" "$next_port" "$slow_port" "$partial_port" "$fragile_port"
  source_manifest steady 100 > "$work/sources/steady.yaml"
  source_manifest next 10 'shadowOf: steady' > "$work/sources/next.yaml"
  source_manifest slow 50 > "$work/sources/slow.yaml"
  source_manifest partial 200 'fallThrough: [NotFound]' > "$work/sources/partial.yaml"
  source_manifest fragile 60 'fallThrough: [NotFound]' > "$work/sources/fragile.yaml"
  for name in steady next slow partial fragile; do
    declare -n port=${name}_port
    connect_to+=("--connect-to=$name.adapters.svc:80:127.0.0.1:$port")
  done
  reviews_kubeconfig > "$work/kubeconfig"
  prometheus_configuration > "$work/prometheus.yaml"

  launch controller "$products/metrics-router-controller" --sources="$work/sources" --snapshot="$work/snapshot/routing-table.json" \
    --health-bind-address="127.0.0.1:$health_port" --metrics-bind-address="127.0.0.1:$controller_metrics_port" \
    --server-status-address="127.0.0.1:$status_port" --resync-interval=3s "${connect_to[@]}"
  launch server "$products/metrics-router-server" --kubeconfig="$work/kubeconfig" --authentication-skip-lookup \
    --authentication-token-webhook-cache-ttl=1s --authorization-webhook-cache-authorized-ttl=1s \
    --snapshot="$work/snapshot/routing-table.json" --bind-address=127.0.0.1 --secure-port="$server_port" \
    --tls-cert-file="$work/serving.crt" --tls-private-key-file="$work/serving.key" \
    --metrics-bind-address=0 --status-bind-address="127.0.0.1:$status_port" "${connect_to[@]}"
  launch prometheus prometheus --config.file="$work/prometheus.yaml" --storage.tsdb.path="$work/prometheus" \
    --web.listen-address="127.0.0.1:$prometheus_port" --log.level=warn
}

# instant QUERY - how many series it has.
instant() {
  curl -sf --max-time 5 --data-urlencode "query=$1" "http://127.0.0.1:$prometheus_port/api/v1/query" | jq '.data.result | length'
}

scraped_processes() {
  instant 'metrics_router_build_info{job="metrics-router-metrics", namespace="metrics-router", pod="metrics-router-0"}'
}

synced_sources() { instant 'metrics_router_controller_source_synced == 1'; }

queries() { /usr/bin/python3 "$here/queries.py" "http://127.0.0.1:$prometheus_port" "$@"; }
