# A cluster with the product in it, started once and used by every case that wants it: a control plane, the controller,
# the server, and adapters of a few sources.
#
#   steady        never fails: who else is hurt is seen by it
#   left, right   list the same metric, `turn`: whichever has the higher priority answers
#   faulty        listed by an adapter, answered by the fault-injecting backend: each metric is a fault of its own
#   shaky         behind the fault-injecting proxy, which does as the file `shaky.mode` says
# Cases give flags; what shellcheck sees from here does not.
# shellcheck shell=bash disable=SC2119,SC2120

custom=/apis/custom.metrics.k8s.io/v1beta2
pods=$custom/namespaces/default/pods
products=
has_cluster=
declare -A port=()

find_products() {
  local name
  products=$(cd "${PRODUCTS:-$repository/.build/release}" && pwd) || { echo "build first: make build" >&2; exit 1; }
  for name in metrics-router-controller metrics-router-server sample-adapter; do
    [[ -x $products/$name ]] || { echo "$products/$name is missing: make build" >&2; exit 1; }
  done
}

# python FILE ARGUMENT... - Debian's, which has the packages.
python() {
  PYTHONPATH=$peers:$here PYTHONDONTWRITEBYTECODE=1 timeout "${python_seconds:-120}" /usr/bin/python3 "$@"
}
# launch_python NAME FILE ARGUMENT... - in the background.
launch_python() {
  local name=$1
  shift
  launch "$name" env PYTHONPATH="$peers:$here" PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$@"
}

# need_cluster - whatever the cases before have left, afterwards all of it runs, with the usual flags.
need_cluster() {
  if [[ -z $has_cluster ]]; then
    start_cluster
    has_cluster=yes
  fi
  is_running controller || start_controller
  serve
}

start_cluster() {
  local names=(etcd etcd_peer apiserver controller_manager server health server_metrics controller_metrics status
    steady left right faulty_list faulty shaky_backend shaky hung hung_list hung_proxy other api_faults) name index=0
  local -a ports
  read -ra ports <<< "$(free_ports ${#names[@]})"
  for name in "${names[@]}"; do port[$name]=${ports[index++]}; done
  etcd_port=${port[etcd]} etcd_peer_port=${port[etcd_peer]} apiserver_port=${port[apiserver]}
  controller_manager_port=${port[controller_manager]}
  export HOME=$work/home
  mkdir -p "$HOME" "$work/snapshot"
  snapshot=$work/snapshot/routing-table.json
  find_binaries
  start_control_plane
  kubectl apply -f deploy/all-in-one.yaml > "$work/install.log"
  kubectl wait --for=condition=Established --timeout=20s \
    crd/metricssources.metricsrouter.io.metricsrouter.io >> "$work/install.log"
  service_account_token metrics-router metrics-router-controller-manager > "$work/router.token"
  make_kubeconfig "$work/router.kubeconfig" "tokenFile: $work/router.token"
  make_caller
  start_backends
  start_controller
  add_source steady 100
  add_source left 100
  add_source right 50
  add_source faulty 100
  add_source shaky 100
  wait_until 20 are_synced 5 || { kubectl get ms -o wide >&2; exit 1; }
}

# Whom the load is: somebody who may read every custom metric, by token, as the autoscaler over the aggregator may.
make_caller() {
  kubectl apply -f - >> "$work/install.log" << 'YAML'
apiVersion: v1
kind: ServiceAccount
metadata: {name: caller, namespace: default}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: caller}
rules:
  - {apiGroups: [custom.metrics.k8s.io], resources: ["*"], verbs: ["*"]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: caller}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: caller}
subjects: [{kind: ServiceAccount, name: caller, namespace: default}]
YAML
  token=$(service_account_token default caller)
  printf "%s" "$token" > "$work/token"
  make_certificate serving cluster-ca /CN=metrics-router serverAuth DNS:localhost,IP:127.0.0.1
}

start_backends() {
  local metric flags=()
  launch steady "$products/sample-adapter" --port="${port[steady]}" --name=steady --pods=web-0,web-1,web-2 --custom=pods/steady=1
  launch left "$products/sample-adapter" --port="${port[left]}" --name=left --pods=web-0,web-1,web-2 --custom=pods/turn=1 \
    --custom=pods/left-1=1 --custom=pods/left-2=1
  launch right "$products/sample-adapter" --port="${port[right]}" --name=right --pods=web-0,web-1,web-2 --custom=pods/turn=2 \
    --custom=pods/right-1=1
  for metric in $(python "$peers/backends/h1.py" metrics); do flags+=("--custom=pods/$metric=1"); done
  launch faulty-list "$products/sample-adapter" --port="${port[faulty_list]}" --name=faulty "${flags[@]}"
  launch_python faulty "$peers/backends/h1.py" "${port[faulty]}" "$pki/serving.crt" "$pki/serving.key"
  launch shaky "$products/sample-adapter" --port="${port[shaky_backend]}" --name=shaky --custom=pods/shaky=5
  echo pass > "$work/shaky.mode"
  launch_python shaky-proxy "$here/faults/proxy.py" "${port[shaky]}" "${port[shaky_backend]}" "$work/shaky.mode"
  controller_connect_to=() server_connect_to=()
  local name
  for name in steady left right shaky; do
    controller_connect_to+=("--connect-to=adapter.$name.svc:443:127.0.0.1:${port[$name]}")
    server_connect_to+=("--connect-to=adapter.$name.svc:443:127.0.0.1:${port[$name]}")
  done
  controller_connect_to+=("--connect-to=adapter.faulty.svc:443:127.0.0.1:${port[faulty_list]}")
  server_connect_to+=("--connect-to=adapter.faulty.svc:443:127.0.0.1:${port[faulty]}")
}

# source_manifest NAME PRIORITY [LINE OF THE SPEC...]
source_manifest() {
  cat << YAML
apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1
kind: MetricsSource
metadata: {name: $1}
spec:
  insecureSkipTLSVerify: true
  priority: $2
  metricTypes: [CustomMetrics]
  timeoutSeconds: 2
  service: {namespace: $1, name: adapter, port: {number: 443}}
YAML
  shift 2
  (($# == 0)) || printf '  %s\n' "$@"
}
add_source() { source_manifest "$@" | kubectl apply -f - >> "$work/install.log"; }

# are_synced COUNT - that many sources, and each of them.
are_synced() {
  kubectl get ms -o json | jq -e --argjson count "$1" '[.items[].status.synced] | length == $count and all' > /dev/null
}

# start_controller [FLAG...]
start_controller() {
  launch controller ${controller_wrapper[@]+"${controller_wrapper[@]}"} "$products/metrics-router-controller" --kubeconfig="$work/router.kubeconfig" \
    --snapshot="$snapshot" --health-bind-address="127.0.0.1:${port[health]}" \
    --metrics-bind-address="127.0.0.1:${port[controller_metrics]}" --resync-interval=2s \
    --leader-elect-resource-namespace=metrics-router --backend-service-account=metrics-router/metrics-router \
    --server-status-address="127.0.0.1:${port[status]}" "${controller_connect_to[@]}" "$@"
  wait_until 20 curl -sf -o /dev/null --max-time 2 "http://127.0.0.1:${port[health]}/readyz" \
    || { tail -n 20 "$work/logs/controller.log" >&2; return 1; }
}

served_with=
# serve [FLAG...] - the server with these flags and those it always has; the one that runs goes on where it has them.
serve() {
  if is_running server && [[ $served_with == "$*" ]]; then return; fi
  finish server || true
  launch_server "$@"
  wait_until 10 is_ready || { tail -n 20 "$work/logs/server.log" >&2; return 1; }
}
launch_server() {
  served_with="$*"
  launch server ${server_wrapper[@]+"${server_wrapper[@]}"} "$products/metrics-router-server" \
    --kubeconfig="$work/router.kubeconfig" --snapshot="$snapshot" --bind-address=127.0.0.1 \
    --backend-service-account=metrics-router/metrics-router \
    --secure-port="${port[server]}" --tls-cert-file="$pki/serving.crt" --tls-private-key-file="$pki/serving.key" \
    --metrics-bind-address="127.0.0.1:${port[server_metrics]}" --status-bind-address="127.0.0.1:${port[status]}" \
    "${server_connect_to[@]}" "$@"
}
# What the processes are started by: a command that changes what they see.
server_wrapper=()
controller_wrapper=()
is_ready() { curl -skf -o /dev/null --max-time 2 "https://127.0.0.1:${port[server]}/readyz"; }

# ask PATH [CURL-OPTION...] - by the caller's token; the status, then the body.
ask() { ask_as_they_say "$@" -H "Authorization: Bearer $token"; }
# ask_as NAME PATH - by that certificate.
ask_as() { ask_as_they_say "$2" --cert "$pki/$1.crt" --key "$pki/$1.key"; }
ask_as_they_say() {
  local path=$1
  shift
  curl -sk -A chaos --max-time 10 -w '%{stderr}%{http_code}' "$@" \
    "https://127.0.0.1:${port[server]}$path" 2> "$work/asked.code" > "$work/asked.body" || true
  printf '%s %s\n' "$(< "$work/asked.code")" "$(tr '\n' ' ' < "$work/asked.body")"
}
status_of() { ask "$@" | cut -d' ' -f1; }

# server_metric NAME - the sum over its labels; a NAME may have labels, as far as they come first.
server_metric() { metric_at "${port[server_metrics]}" "$1"; }
controller_metric() { metric_at "${port[controller_metrics]}" "$1"; }
metric_at() {
  curl -sf --max-time 5 "http://127.0.0.1:$1/metrics" \
    | awk -v name="$2" 'index($0, name) == 1 { rest = substr($0, length(name) + 1, 1); if (rest ~ /[ {},]/) sum += $NF } END { printf "%.0f\n", sum }'
}

resident_kib() { awk '/^VmRSS:/ { print $2 }' "/proc/$1/status"; }
open_files() { find "/proc/$1/fd" -mindepth 1 2> /dev/null | wc -l; }
