# The control plane of Tests/EndToEnd in a network namespace, whose addresses are those of a cluster: the pod's own, and
# one for each Service. The sourcing script sets `work` and `repository`.
# shellcheck shell=bash

products=${PRODUCTS:-$repository/.build/release}
namespace=metrics-router
deployment=metrics-router-controller-manager
# A pod on its host's network has the host's address; 192.0.2.0/24 is for examples (RFC 5737).
pod_address=192.0.2.10
dns_address=192.0.2.53

start_cluster() {
  ip address add "$pod_address/32" dev lo
  ip address add "$dns_address/32" dev lo
  read -r etcd_port etcd_peer_port apiserver_port controller_manager_port prometheus_port queues_port \
    <<< "$(free_ports 6)"
  start_control_plane
  make_authority queues-ca queues-authority
  make_certificate queues queues-ca /CN=queues serverAuth DNS:queue-metrics-apiserver.queues.svc
}

# An adapter is a Service of the cluster, found by DNS.
start_adapters() {
  launch prometheus-adapter "$products/sample-adapter" --port="$prometheus_port" --name=prometheus --pods=web-0 \
    --custom=pods/foo=1500m --custom=pods/requests=7
  launch queue-adapter "$products/sample-adapter" --port="$queues_port" --name=queues --pods=web-0 \
    --custom=pods/foo=2500m --external=queue_length=42 \
    --tls-cert-file="$pki/queues.crt" --tls-private-key-file="$pki/queues.key"
  rules=()
  add_service custom-metrics prometheus-metrics-apiserver https 443 "$prometheus_port"
  add_service queues queue-metrics-apiserver metrics 8443 "$queues_port"
  launch network python3 "$here/cluster-network.py" "$dns_address" "${rules[@]}"
  wait_until 10 grep -qx ready "$work/logs/network.log"
}

# add_service NAMESPACE NAME PORT-NAME PORT TARGET-PORT - with the address that the API server gives it.
add_service() {
  local address
  kubectl create namespace "$1" > /dev/null
  kubectl apply -f - > /dev/null << YAML
apiVersion: v1
kind: Service
metadata: {namespace: $1, name: $2}
spec: {ports: [{name: $3, port: $4, targetPort: $5}]}
YAML
  address=$(kubectl get service "$2" -n "$1" -o 'jsonpath={.spec.clusterIP}')
  ip address add "$address/32" dev lo
  rules+=("$2.$1.svc.cluster.local=$address" "$address:$4=127.0.0.1:$5")
}

# value PATH - what the metric is, asked through the API server.
value() { kubectl get --raw "$1" | jq -r '.items[0].value'; }
