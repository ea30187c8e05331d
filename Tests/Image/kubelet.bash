# What kubelet does for the pod, and podman does not: the volumes with the ServiceAccount's token and with Secrets, and
# the probes. The sourcing script sets `work`, `namespace`, `deployment` and `pod_address`.
# shellcheck shell=bash

# Volumes belong to root, and to the pod's group, which may read them (fsGroup).
pod_group() { jq -r '.spec.template.spec.securityContext.fsGroup' "$work/deployment.json"; }

declare -A filled=()

# fill_folder VOLUME - from name and content in base64 on standard input, all at once, as kubelet does: `..data` leads to
# the folder that counts, and each file to the one in there.
fill_folder() {
  local folder=$work/volumes/$1 group name content now wanted
  wanted=$(cat)
  [[ ! -e $folder || ${filled[$1]-} != "$wanted" ]] || return 0
  filled[$1]=$wanted
  group=$(pod_group)
  mkdir -p "$folder"
  now=$(mktemp -d "$folder/..XXXXXX")
  while IFS=$'\t' read -r name content; do
    [[ -n $name ]] || continue
    base64 -d <<< "$content" > "$now/$name"
    [[ -L $folder/$name ]] || ln -s "..data/$name" "$folder/$name"
    chmod 0440 "$now/$name"
  done <<< "$wanted"
  chown -R "root:$group" "$folder"
  chmod 2750 "$folder" "$now"
  ln -sfn "$(basename "$now")" "$folder/..next"
  mv -T "$folder/..next" "$folder/..data"
  find "$folder" -mindepth 1 -maxdepth 1 -type d ! -path "$now" -exec rm -rf {} +
}

play_service_account() {
  local account
  account=$(jq -r '.spec.template.spec.serviceAccountName' "$work/deployment.json")
  service_account_token "$namespace" "$account" > "$work/token"
  {
    printf 'token\t%s\n' "$(base64 -w 0 < "$work/token")"
    printf 'ca.crt\t%s\n' "$(base64 -w 0 < "$pki/cluster-ca.crt")"
    printf 'namespace\t%s\n' "$(printf '%s' "$namespace" | base64 -w 0)"
  } | fill_folder kube-api-access
}

# What kubelet writes for a pod that asks for the DNS of the cluster (ClusterFirst).
play_resolver() {
  cat > "$work/volumes/resolv.conf" << CONF
search $namespace.svc.cluster.local svc.cluster.local cluster.local
nameserver $dns_address
options ndots:5
CONF
}

# play_secrets - each volume as its Secret is now; empty where that is optional and not there.
play_secrets() {
  local volume name content
  while read -r volume; do
    name=$(jq -r .secret.secretName <<< "$volume")
    content=$(kubectl get secret "$name" -n "$namespace" --ignore-not-found -o json) || return 1
    if [[ -z $content && $(jq .secret.optional <<< "$volume") != true ]]; then
      echo "Secret $name is not there, and its volume is not optional" >&2
      return 1
    fi
    # Some keys under names of their own, or all of them.
    content=$(jq -r --argjson volume "$volume" '
      (.data // {}) as $data | ($volume.secret.items // [$data | keys[] | {key: ., path: .}])[]
      | select($data[.key]) | [.path, $data[.key]] | @tsv' <<< "${content:-"{}"}")
    fill_folder "$(jq -r .name <<< "$volume")" <<< "$content"
  done < <(jq -c '.spec.template.spec.volumes[] | select(.secret)' "$work/deployment.json")
}

# kubelet looks for changes of Secrets for as long as the pod is there.
follow_secrets() {
  while sleep 1; do play_secrets || true; done
}

# probe CONTAINER KIND - asks what the manifest says, as it says, and prints the answer; KIND is startup, liveness or
# readiness. As kubelet, it takes any certificate.
probe() {
  local url seconds
  IFS=$'\t' read -r url seconds < <(jq -er --arg container "$1" --arg kind "$2Probe" --arg host "$pod_address" '
    .spec.template.spec.containers[] | select(.name == $container)
    | .ports as $ports | .[$kind] | .timeoutSeconds as $seconds | .httpGet
    | .port as $port | ([$ports[] | select(.name == $port).containerPort] + [$port] | first) as $number
    | ["\(.scheme | ascii_downcase)://\($host):\($number)\(.path)", $seconds] | @tsv' "$work/deployment.json")
  curl -sSkf --max-time "$seconds" "$url"
}

probes_answer() {
  local container kind
  for container in controller server; do
    for kind in startup liveness readiness; do
      [[ $(probe "$container" "$kind") == ok ]] || return 1
    done
  done
}
