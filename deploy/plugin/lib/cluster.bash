# The cluster, through kubectl.
# shellcheck shell=bash

router_pod=

# What kubectl is told about how to connect; NUL-terminated.
connection_arguments() { pass_on kubeconfig context cluster user as; }

# ask_kubectl ARGUMENT... - kubectl, with the flags of the connection.
ask_kubectl() {
  local -a connection
  mapfile -d '' -t connection < <(connection_arguments)
  "${KUBECTL:-kubectl}" "${connection[@]}" "$@"
}

router_namespace() { printf '%s' "${flags[router-namespace]:-metrics-router}"; }

need() {
  command -v "$1" > /dev/null || fail 3 "$1 is needed for this, and not on the PATH"
}

# Pods of the router, one a line: name, whether it is ready, names of its containers. Whatever the Deployments are called.
router_pods() {
  # shellcheck disable=SC2016 # A template of Go's.
  ask_kubectl get pods -n "$(router_namespace)" -l app.kubernetes.io/name=metrics-router -o 'go-template={{range .items -}}
{{.metadata.name}} {{$ready := "False"}}{{range .status.conditions}}{{if eq .type "Ready"}}{{$ready = .status}}{{end}}{{end}}{{if .metadata.deletionTimestamp}}{{$ready = "False"}}{{end}}{{$ready}}{{range .spec.containers}} {{.name}}{{end}}
{{end}}'
}

# choose_pod CONTAINER - sets router_pod to one that has such a container, a ready one if there is any; or ends the program.
choose_pod() { find_pod "$1" || exit 3; }

# find_pod CONTAINER - the same; returns 1, after having said why, where there is none.
find_pod() {
  local pods name ready containers fallback=
  if [[ -n ${flags[pod]-} ]]; then
    router_pod=${flags[pod]}
    return 0
  fi
  if ! pods=$(router_pods); then
    complain "the pods of the router in namespace $(router_namespace) cannot be listed"
    return 1
  fi
  while read -r name ready containers; do
    [[ " $containers " == *" $1 "* ]] || continue
    if [[ $ready == True ]]; then
      router_pod=$name
      return 0
    fi
    fallback=$name
  done <<< "$pods"
  if [[ -z $fallback ]]; then
    complain "no pod in namespace $(router_namespace) has the label app.kubernetes.io/name=metrics-router and a" \
      "container $1; --router-namespace says where the router is"
    return 1
  fi
  complain "no pod of the router is ready; asking $fallback"
  router_pod=$fallback
}

# in_pod CONTAINER COMMAND... - in the chosen pod. A dash-i in front of CONTAINER passes standard input on.
in_pod() {
  local -a input=()
  if [[ $1 == -i ]]; then
    input=(-i)
    shift
  fi
  local container=$1
  shift
  ask_kubectl exec "${input[@]}" -n "$(router_namespace)" "$router_pod" -c "$container" -- "$@"
}
