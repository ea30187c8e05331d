# The stream of changes breaks in every way that it can, while sources come, change and go.
# shellcheck shell=bash

# ends_equal - what is routed at last is what the API server holds, and each status is of its source's last generation.
ends_equal() {
  local seconds seed said
  seconds=$(number 300 20)
  seed=${CHAOS_SEED:-$RANDOM}
  finish controller
  launch_python api-faults "$here/faults/api.py" "${port[api_faults]}" "$apiserver_port" "$pki" "$seed" "$work/api-faults.json"
  sed "s|127.0.0.1:$apiserver_port|127.0.0.1:${port[api_faults]}|" "$work/router.kubeconfig" > "$work/faults.kubeconfig"
  start_controller --kubeconfig="$work/faults.kubeconfig" || return 1
  said=$(python_seconds=$((seconds + 60)) python "$here/callers/churn.py" "$apiserver_port" "$pki" "$seed" "$seconds") || { echo "$said"; return 1; }
  wait_until 90 is_equal || { echo "seed $seed: $said; $(faults_made)"; difference; return 1; }
  echo "seed $seed: $said, $(faults_made), equal at last"
  kubectl get ms -o name | grep churn- | xargs -r kubectl delete > /dev/null
  finish controller
  finish api-faults || true
  start_controller
}
faults_made() { jq -r 'to_entries | map("\(.value) \(.key)") | join(", ")' "$work/api-faults.json"; }
in_cluster() { kubectl get ms -o json | jq -c '[.items[] | {name: .metadata.name, priority: .spec.priority}] | sort_by(.name)'; }
in_table() { jq -c '[.sources[] | {name, priority}] | sort_by(.name)' "$snapshot"; }
in_status() {
  kubectl get ms -o json | jq -e '[.items[] | .status.synced == true and .status.observedGeneration == .metadata.generation] | all' > /dev/null
}
is_equal() { [[ $(in_cluster) == "$(in_table)" ]] && in_status; }
difference() { diff <(in_cluster | jq .) <(in_table | jq .) || kubectl get ms -o json | jq -c '.items[] | [.metadata.name, .metadata.generation, .status]' | head -n 20; }

need_cluster
row "watch: 410, cut streams, 429, 409, 500, events twice and out of order" "table and status equal the API server's" ends_equal
