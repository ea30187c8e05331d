# Where etcd, kube-apiserver, kube-controller-manager and kubectl come from: KUBEBUILDER_ASSETS where it is set (the
# folder that `setup-envtest` fills; it may lack some), else Debian's packages and what build-kubernetes builds.
# shellcheck shell=bash

kubernetes_cache=${XDG_CACHE_HOME:-$HOME/.cache}/metrics-router/kubernetes

# find_binaries - sets `etcd`, `kube_apiserver` and `kube_controller_manager`, and puts kubectl on the PATH.
find_binaries() {
  local assets=${KUBEBUILDER_ASSETS-}
  if [[ -n $assets && ! -d $assets ]]; then
    echo "KUBEBUILDER_ASSETS: $assets is no folder" >&2
    return 1
  fi
  if [[ ! -x $assets/kube-apiserver || ! -x $assets/kube-controller-manager ]]; then
    "$(dirname "${BASH_SOURCE[0]}")/build-kubernetes" "$kubernetes_cache" || return 1
  fi
  etcd=$(first_executable "$assets/etcd" "$(command -v etcd)") || return 1
  kube_apiserver=$(first_executable "$assets/kube-apiserver" "$kubernetes_cache/kube-apiserver") || return 1
  kube_controller_manager=$(first_executable "$assets/kube-controller-manager" \
    "$kubernetes_cache/kube-controller-manager") || return 1
  [[ ! -x $assets/kubectl ]] || PATH=$assets:$PATH
  command -v kubectl > /dev/null || { echo "kubectl is missing: make deps-test" >&2; return 1; }
}

first_executable() {
  local candidate
  for candidate in "$@"; do
    if [[ -n $candidate && -x $candidate ]]; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  echo "none of these can be executed: $* (make deps-test)" >&2
  return 1
}

# knows BINARY FLAG - whether this version of it has that flag.
knows() { "$1" --help 2>&1 | grep -E -- "^ *$2( |=|$)" > /dev/null; }
