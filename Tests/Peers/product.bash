# The real executables before the peers of this run: a table made by the controller, and the server that uses it.
# shellcheck shell=bash

custom=/apis/custom.metrics.k8s.io/v1beta2
pods=$custom/namespaces/default/pods/web-0

find_products() {
  local name
  products=$(cd "${PRODUCTS:-$repository/.build/release}" && pwd) || { echo "build first: make build" >&2; exit 1; }
  for name in metrics-router-controller metrics-router-server sample-adapter; do
    [[ -x $products/$name ]] || { echo "$products/$name is missing: make build" >&2; exit 1; }
  done
}

# python SCRIPT ARGUMENT... - Debian's, which has the packages.
python() {
  local script=$1
  shift
  PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 timeout 60 /usr/bin/python3 "$here/$script" "$@"
}

make_certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=metrics-router-peers \
    -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -keyout "$work/key.pem" -out "$work/certificate.pem" \
    2> "$work/openssl.log"
}

# add_source NAME METRIC... - makes its MetricsSource, and an adapter that lists its metrics for the controller.
add_source() {
  local name=$1 metric
  local -a flags=()
  # Those that hang on purpose have a second; the one that is put under load has the default, for a busy machine.
  local timeout=1
  [[ $1 != sample ]] || timeout=10
  shift
  for metric in "$@"; do flags+=("--custom=pods/$metric=1"); done
  cat > "$work/sources/$name.yaml" << YAML
apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1
kind: MetricsSource
metadata:
  name: $name
spec:
  insecureSkipTLSVerify: true
  priority: 100
  metricTypes: [CustomMetrics]
  timeoutSeconds: $timeout
  service: {namespace: $name, name: adapter, port: {number: 443}}
YAML
  launch "$name-list" "$products/sample-adapter" --port="${list_ports[$name]}" --name="$name" "${flags[@]}"
  controller_connect_to+=("--connect-to=adapter.$name.svc:443:127.0.0.1:${list_ports[$name]}")
  server_connect_to+=("--connect-to=adapter.$name.svc:443:127.0.0.1:${backend_ports[$name]}")
}

are_synced() {
  [[ -e $work/status.json ]] && jq -e --argjson count "$1" '[.items[].status.synced] | length == $count and all' \
    "$work/status.json" > /dev/null
}

# The table lists what the sample adapters list; the server asks others in their place.
make_table() {
  launch controller "$products/metrics-router-controller" --sources="$work/sources" --snapshot="$work/table.json" \
    --health-bind-address=127.0.0.1:0 --metrics-bind-address=0 "${controller_connect_to[@]}"
  wait_until 15 are_synced "$1" || { tail -n 20 "$work"/logs/*.log >&2; exit 1; }
  finish controller
  local name
  for name in "${!list_ports[@]}"; do [[ $name == sample ]] || finish "$name-list" || true; done
}

is_answered() { curl -skf -o /dev/null --max-time 2 "https://127.0.0.1:$1/readyz"; }

# start_server NAME PORT FLAG... - that asks a backend once for each caller, since what backends are sent is counted.
start_server() {
  local name=$1 port=$2
  shift 2
  launch "$name" "$products/metrics-router-server" --anonymous-auth --snapshot="$work/table.json" \
    --bind-address=127.0.0.1 --secure-port="$port" --metrics-bind-address=0 --status-bind-address=0 --backend-breaker-failures=0 \
    --max-requests-inflight=0 --backend-max-requests-inflight=4000 --backend-coalesce-requests=false "${server_connect_to[@]}" "$@"
  wait_until 10 is_answered "$port" || { tail -n 20 "$work/logs/$name.log" >&2; exit 1; }
}

# ask PATH CURL-ARGUMENT... - the answer of the server at `port`, as a program sees it: for curl it would be indented.
ask() {
  local path=$1
  shift
  curl -sk -A peers --path-as-is --max-time 10 "$@" "https://127.0.0.1:$port$path"
}
