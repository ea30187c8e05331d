# What a real API server says of all that can be applied. Nothing is stored but what the rest needs: the namespace, and the CRDs
# of others.
# shellcheck shell=bash

tell_what_a_cluster_says() {
  local file name
  find_binaries
  read -r etcd_port etcd_peer_port apiserver_port <<< "$(free_ports 3)"
  make_cluster_certificates
  certificate_kubeconfig "$work/admin.kubeconfig" admin
  export KUBECONFIG=$work/admin.kubeconfig
  start_etcd
  start_apiserver
  version=$(kubectl get --raw /version | jq -r .gitVersion)
  minor=$(kubectl get --raw /version | jq -r '.minor | sub("[^0-9].*"; "")')
  chapter "The API server of Kubernetes $version"

  # Stand-ins with the fields that are used here, where the real ones have many more.
  show kubectl apply -f Tests/Install/crds.yaml
  eventually 10 "It knows ServiceMonitors" kubectl get servicemonitors -A
  eventually 10 "It knows Certificates" kubectl get certificates.cert-manager.io -A
  show kubectl apply -f deploy/kustomize/base/namespace.yaml
  ((minor >= 21)) || echo "note   It is asked for PodDisruptionBudgets as policy/v1beta1: policy/v1 came with Kubernetes 1.21"
  ((minor >= 25)) || echo "note   It is not asked about rules in CEL, which came with Kubernetes 1.25"
  for file in deploy/all-in-one.yaml deploy/api-service.yaml "$work"/{rendered,unrestricted}/*.yaml; do
    expect "It would take $(basename "$file")" would_take "$file"
  done
  expect "It would not take what is wrong" fails_with 'spec.replicas: Invalid value' would_take_with 's/^  replicas: 1$/  replicas: -1/'
  expect "It would not take a field that there is not" \
    fails_with 'unknown field' would_take_with 's/^  replicas: 1$/  replicae: 1/'

  if ((minor < 23)); then
    echo "skip   The namespace enforces the profile restricted: that came with Kubernetes 1.23"
    return
  fi
  expect "The namespace enforces the profile restricted" fails_with 'violates PodSecurity "restricted' would_run_a_pod privileged
  for file in deploy/all-in-one.yaml "$work"/rendered/*.{chart,kustomize}.yaml; do
    expect "It would run the pods of $(basename "$file")" would_run_pods_of "$file"
  done
}

# would_take FILE - as far as this API server knows what is in it.
would_take() { "$here/for-kubernetes" "$minor" < "$1" | kubectl apply --dry-run=server -f -; }

would_take_with() { sed "$1" deploy/all-in-one.yaml | would_take /dev/stdin; }

# The pods that controllers would make of it, which the profile is about: of a Deployment an API server only warns.
would_run_pods_of() { "$here/restricted" --pods "$1" | kubectl create --dry-run=server -n metrics-router -f -; }

would_run_a_pod() {
  kubectl create --dry-run=server -n metrics-router -f - << YAML
apiVersion: v1
kind: Pod
metadata: {name: spoiled}
spec:
  containers:
    - {name: spoiled, image: spoiled, securityContext: {$1: true}}
YAML
}
