# The adapter that docs/quickstart.md has people build, as its Deployment runs it.
# shellcheck shell=bash

chapter "The adapter of the quickstart"

adapter=$(podman load --quiet --input "$ADAPTER_ARCHIVE" | sed -n 's/^Loaded image: //p')
# command_of DEPLOYMENT - a word a line.
command_of() {
  kubectl apply --dry-run=client -o json -f deploy/quickstart/adapters.yaml \
    | jq -r --arg name "$1" '.items[] | select(.kind == "Deployment" and .metadata.name == $name)
        | .spec.template.spec.containers[0] | .command[], .args[]'
}
fetch_names() { curl -sk --max-time 5 "$1" | jq -r '.resources[].name'; }
mapfile -t words < <(command_of shop-metrics)
show podman run --detach --name shop-metrics --network host --read-only --cap-drop all --security-opt no-new-privileges \
  "$adapter" "${words[@]}"
eventually 10 "It lists what its manifest says" \
  prints deployments.apps/requests_per_second fetch_names https://127.0.0.1:6451/apis/custom.metrics.k8s.io/v1beta1
expect "It is run by nobody in particular" prints 65532:65532 podman image inspect --format '{{.Config.User}}' "$adapter"
podman rm --force --time 1 shop-metrics > /dev/null
