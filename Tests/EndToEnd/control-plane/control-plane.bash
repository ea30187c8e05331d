# A Kubernetes control plane on this host, without nodes: etcd, kube-apiserver with its aggregation layer, and the
# autoscaler of kube-controller-manager. Everything listens on free ports of the loopback and lives in $work.
#
# The sourcing script chooses the ports: etcd_port, etcd_peer_port, apiserver_port, controller_manager_port.
# The flags must suit Kubernetes 1.20 as well as 1.36; what only some versions have is asked for by `knows`.
# shellcheck shell=bash

# start_control_plane - afterwards KUBECONFIG is the administrator's.
start_control_plane() {
  make_cluster_certificates
  certificate_kubeconfig "$work/admin.kubeconfig" admin
  certificate_kubeconfig "$work/controller-manager.kubeconfig" controller-manager
  export KUBECONFIG=$work/admin.kubeconfig

  start_etcd
  start_apiserver
  start_controller_manager
}

start_etcd() {
  local flags=(
    --name=test --data-dir="$work/etcd"
    --listen-client-urls="http://127.0.0.1:$etcd_port" --advertise-client-urls="http://127.0.0.1:$etcd_port"
    --listen-peer-urls="http://127.0.0.1:$etcd_peer_port"
    --initial-advertise-peer-urls="http://127.0.0.1:$etcd_peer_port"
    --initial-cluster="test=http://127.0.0.1:$etcd_peer_port"
  )
  # Nothing here outlives the run, so nothing needs to survive a power cut.
  if knows "$etcd" --unsafe-no-fsync; then flags+=(--unsafe-no-fsync); fi
  launch etcd "$etcd" "${flags[@]}"
  must_come_up etcd curl -sf -o /dev/null --max-time 2 "http://127.0.0.1:$etcd_port/health"
}

start_apiserver() {
  local flags=(
    --etcd-servers="http://127.0.0.1:$etcd_port"
    --bind-address=127.0.0.1 --advertise-address=127.0.0.1 --secure-port="$apiserver_port"
    --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --cert-dir="$work/apiserver"
    --client-ca-file="$pki/cluster-ca.crt"
    --authorization-mode=RBAC --service-cluster-ip-range=10.96.0.0/24
    # Pods may be created without a controller that makes tokens for them.
    --disable-admission-plugins=ServiceAccount
    --service-account-issuer=https://kubernetes.default.svc
    --service-account-key-file="$pki/service-accounts.pub"
    --service-account-signing-key-file="$pki/service-accounts.key"
    --requestheader-client-ca-file="$pki/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client
    --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group
    --requestheader-extra-headers-prefix=X-Remote-Extra-
    --proxy-client-cert-file="$pki/front-proxy-client.crt" --proxy-client-key-file="$pki/front-proxy-client.key"
    # An APIService then reaches a Service of type ExternalName.
    --enable-aggregator-routing=false
  )
  # An address of the loopback cannot be an endpoint of the Service `kubernetes`.
  if knows "$kube_apiserver" --endpoint-reconciler-type; then flags+=(--endpoint-reconciler-type=none); fi
  launch kube-apiserver "$kube_apiserver" "${flags[@]}"
  must_come_up kube-apiserver is_apiserver_ready
}

is_apiserver_ready() {
  curl -sf -o /dev/null --max-time 2 --cacert "$pki/cluster-ca.crt" --cert "$pki/admin.crt" --key "$pki/admin.key" \
    "https://127.0.0.1:$apiserver_port/readyz"
}

# Those that a run needs besides.
more_controllers=()

# controller_names NAME... - with commas, as this version calls them: all were renamed in 1.28.
controller_names() {
  local name names=$1 suffix=
  if "$kube_controller_manager" --help 2>&1 | grep horizontal-pod-autoscaler-controller > /dev/null; then
    suffix=-controller
    set -- "${@/#horizontalpodautoscaling/horizontal-pod-autoscaler}"
    set -- "${@/#endpoint/endpoints}"
    set -- "${@/#garbagecollector/garbage-collector}"
  fi
  names=$1$suffix
  for name in "${@:2}"; do names+=,$name$suffix; done
  echo "$names"
}

start_controller_manager() {
  local controllers
  controllers=$(controller_names horizontalpodautoscaling namespace clusterrole-aggregation "${more_controllers[@]}")
  local flags=(
    --kubeconfig="$work/controller-manager.kubeconfig" --leader-elect=false
    --bind-address=127.0.0.1 --secure-port="$controller_manager_port" --cert-dir="$work/controller-manager"
    --controllers="$controllers"
    # The autoscaler as its own ServiceAccount, with the rights that it has in any cluster.
    --use-service-account-credentials=true
    --horizontal-pod-autoscaler-sync-period=2s --horizontal-pod-autoscaler-downscale-stabilization=1s
    -v=2
  )
  # The port without TLS, which older versions open unless told not to.
  if knows "$kube_controller_manager" --port; then flags+=(--port=0); fi
  launch kube-controller-manager "$kube_controller_manager" "${flags[@]}"
  must_come_up kube-controller-manager \
    curl -skf -o /dev/null --max-time 2 "https://127.0.0.1:$controller_manager_port/healthz"
}

# must_come_up NAME COMMAND... - until COMMAND succeeds; gives up when the process ends, or after a minute.
must_come_up() {
  local name=$1 deadline=$((SECONDS + 60))
  shift
  until "$@" 2> /dev/null; do
    if has_ended "$name" || ((SECONDS >= deadline)); then
      echo "$name does not come up:" >&2
      tail -n 20 "$work/logs/$name.log" >&2
      exit 1
    fi
    sleep 0.1
  done
}

# api METHOD PATH [JSON] - as the administrator, for what a kubectl of 1.20 cannot say (`--subresource`).
api() {
  local type=application/json
  [[ $1 != PATCH ]] || type=application/merge-patch+json
  curl -sS --fail-with-body --max-time 10 --cacert "$pki/cluster-ca.crt" --cert "$pki/admin.crt" \
    --key "$pki/admin.key" -X "$1" -H "Content-Type: $type" ${3:+--data "$3"} "https://127.0.0.1:$apiserver_port$2"
}

# service_account_token NAMESPACE NAME - by the TokenRequest API, which needs no Secret.
service_account_token() {
  kubectl create --raw "/api/v1/namespaces/$1/serviceaccounts/$2/token" -f - \
    <<< '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":7200}}' \
    | jq -er .status.token
}
