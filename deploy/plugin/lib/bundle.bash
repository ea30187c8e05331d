# `bundle`: what a report of a problem needs, in one file. Nothing is asked for that holds secrets by its nature (Secrets,
# ConfigMaps); of the rest, what may be one is blotted out by redact.jq and redact.sed.
# shellcheck shell=bash

run_bundle() {
  need jq
  need tar
  local name target
  name=metrics-router-bundle-$(date -u +%Y%m%dT%H%M%SZ)
  target=${flags[file]:-./$name.tar.gz}
  if [[ -e $target && -z ${flags[force]-} ]]; then
    fail 1 "$target is there already: choose another name by --file, or replace it by --force"
  fi
  [[ -w $(dirname "$target") ]] || fail 1 "$(dirname "$target") cannot be written to"
  make_private_folder
  umask 077
  bundle_folder=$private/$name
  mkdir "$bundle_folder"
  if ! ask_kubectl get --raw /version > "$bundle_folder/kubernetes-version.json" 2> "$private/err"; then
    fail 3 "the API server cannot be asked: $(< "$private/err")"
  fi
  wait_for "collecting" collect_bundle
  write_contents
  # GNU's tar can leave out who made the bundle; others do not know these flags.
  local -a anonymous=()
  [[ $(tar --version 2> /dev/null) != *"GNU tar"* ]] || anonymous=(--owner=0 --group=0 --numeric-owner --sort=name)
  # Renamed, so that a file of that name is whole.
  tar -C "$private" "${anonymous[@]}" -czf "$private/bundle.tar.gz" "$name"
  local unfinished=$target.unfinished
  rm -f "$unfinished"
  cat "$private/bundle.tar.gz" > "$unfinished"
  mv -f "$unfinished" "$target"
  echo "$target: $(find "$bundle_folder" -type f | wc -l) files, $(wc -c < "$target") bytes; read CONTENTS.txt in it before you hand it on"
}

bundle_folder=
left_out=()

# keep FILE COMMAND... - what the command prints, or a word on why there is nothing.
keep() {
  local file=$bundle_folder/$1
  shift
  mkdir -p "$(dirname "$file")"
  if ! "$@" > "$private/raw" 2> "$private/err"; then
    leave_out "$file" "$(head -n 1 "$private/err" | redact_text)"
    [[ -s $private/raw ]] || return 0
  fi
  if [[ $file == *.json ]]; then
    jq -f "$home/lib/redact.jq" "$private/raw" > "$file" 2> /dev/null \
      || leave_out "$file" "what came is not JSON, and could not be redacted" discard
  else
    redact_text < "$private/raw" > "$file"
  fi
  # What got through is not handed on.
  if grep -qE -e '-----BEGIN [A-Z ]*PRIVATE KEY-----' -e 'eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+' "$file"; then
    leave_out "$file" "it holds a key or a token that could not be blotted out" discard
  fi
}

# leave_out FILE WHY [discard] - what there is of it is kept, unless it is to be discarded.
leave_out() {
  left_out+=("${1#"$bundle_folder/"}: $2")
  if [[ -n ${3-} || ! -s $1 ]]; then rm -f "$1"; fi
}

redact_text() { sed -E -f "$home/lib/redact.sed"; }

collect_bundle() {
  local namespace tail=${flags[tail]:-2000}
  namespace=$(router_namespace)
  keep versions.txt run_version
  keep kubectl-version.json ask_kubectl version -o json
  local kind
  for kind in deployments replicasets pods services endpoints events leases networkpolicies poddisruptionbudgets; do
    keep "namespace/$kind.json" ask_kubectl get "$kind" -n "$namespace" -o json
  done
  keep cluster/metricssources.json ask_kubectl get metricssources.metricsrouter.io.metricsrouter.io -o json
  keep cluster/metricssources-events.json ask_kubectl get events -n default --field-selector involvedObject.kind=MetricsSource -o json
  keep cluster/crd.json ask_kubectl get crd metricssources.metricsrouter.io.metricsrouter.io -o json
  keep cluster/apiservices.json metrics_apiservices
  keep cluster/horizontalpodautoscalers.json autoscalers
  keep cluster/nodes.txt ask_kubectl get nodes -o wide
  keep check.json checks_of_bundle
  collect_pods "$namespace" "$tail"
}

metrics_apiservices() {
  ask_kubectl get apiservices -o json \
    | jq '.items |= map(select(.spec.group == "custom.metrics.k8s.io" or .spec.group == "external.metrics.k8s.io"))'
}

checks_of_bundle() {
  mkdir "$private/checks"
  gather "$private/checks"
  judge "$private/checks"
}

# collect_pods NAMESPACE LINES
collect_pods() {
  local pods name ready containers container
  if ! pods=$(router_pods 2> "$private/err"); then
    left_out+=("pods/: $(head -n 1 "$private/err" | redact_text)")
    return 0
  fi
  while read -r name ready containers; do
    [[ -n $name ]] || continue
    router_pod=$name
    for container in $containers; do
      keep "pods/$name/$container.log" ask_kubectl logs -n "$1" "$name" -c "$container" --tail="$2" --timestamps
      keep "pods/$name/$container.previous.log" ask_kubectl logs -n "$1" "$name" -c "$container" --tail="$2" --timestamps --previous
    done
    if [[ " $containers " == *" server "* ]]; then
      keep "pods/$name/routes.json" in_pod server metrics-router-server routes -o json
      keep "pods/$name/routes.txt" in_pod server metrics-router-server routes -o wide
      keep "pods/$name/server.metrics" page_of "$1" "$name" 8082 /metrics
      keep "pods/$name/shadow.json" page_of "$1" "$name" 8083 /debug/shadow
    fi
    if [[ " $containers " == *" controller "* ]]; then
      keep "pods/$name/controller.metrics" page_of "$1" "$name" 8080 /metrics
    fi
  done <<< "$pods"
}

# page_of NAMESPACE POD PORT PATH - over a forwarded port: the pages are served on the pod's loopback alone.
page_of() {
  command -v curl > /dev/null || { echo "curl is not on the PATH" >&2; return 1; }
  local line port forwarder status=0 said=$private/forward
  : > "$said"
  ask_kubectl port-forward -n "$1" "pod/$2" ":$3" > "$said" 2>&1 &
  forwarder=$!
  local attempt
  for ((attempt = 0; attempt < 100; attempt++)); do
    line=$(grep -m 1 '^Forwarding from 127.0.0.1:' "$said" || true)
    [[ -z $line ]] || break
    kill -0 "$forwarder" 2> /dev/null || break
    sleep 0.1
  done
  if [[ -n $line ]]; then
    port=${line#*127.0.0.1:}
    curl -sS --fail --noproxy '*' --max-time 10 --max-filesize 33554432 "http://127.0.0.1:${port%% *}$4" || status=$?
  else
    cat "$said" >&2
    status=1
  fi
  kill "$forwarder" 2> /dev/null || true
  wait "$forwarder" 2> /dev/null || true
  return "$status"
}

# What is in the bundle, what is not, and what was done to it.
write_contents() {
  local file
  {
    echo "A support bundle of a metrics router, by kubectl-metricsrouter $plugin_version, $(date -u +%Y-%m-%dT%H:%M:%SZ)"
    echo
    echo "Never asked for: Secrets, ConfigMaps, tokens, kubeconfigs, values of metrics."
    echo "Blotted out as [redacted]: values of environment variables; annotations other than well-known ones; values of flags"
    echo "and fields that are named like a secret; bearer tokens, JSON web tokens, private keys, passwords in URLs."
    echo "Still in it: names of namespaces, pods, nodes, Services and metrics, addresses, and what logs say."
    echo
    echo "Files (bytes, blotted out):"
    while IFS= read -r file; do
      printf '%10d %6d  %s\n' "$(wc -c < "$bundle_folder/$file")" \
        "$(grep -o '\[redacted\]' "$bundle_folder/$file" | wc -l)" "$file"
    done < <(cd "$bundle_folder" && find . -type f ! -name CONTENTS.txt | sed 's|^\./||' | LC_ALL=C sort)
    echo
    echo "Left out:"
    if ((${#left_out[@]} == 0)); then echo "  nothing"; else printf '  %s\n' "${left_out[@]}"; fi
  } > "$private/contents"
  mv "$private/contents" "$bundle_folder/CONTENTS.txt"
}
