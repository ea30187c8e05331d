# What the story of several replicas is told with: pairs of controller and server, each with a folder and ports of its
# own, as pods would have them. The sourcing script chooses replica_ports, five for each of the replicas b and c, and
# balancer_port; replica a is the pair of product.bash.
# shellcheck shell=bash

replica_names=(a b c)
declare -A replica_port=()

prepare_replicas() {
  local name kind index=0
  for kind in server health server_metrics controller_metrics status; do
    declare -n of_a=${kind}_port
    replica_port[a.$kind]=$of_a
    for name in b c; do
      replica_port[$name.$kind]=${replica_ports[index++]}
    done
  done
}

# A pod that ends serves on while the balancer, which looks twice a second, has not noticed.
start_replica() {
  local name=$1 suffix=-$1
  [[ $name != a ]] || suffix=
  mkdir -p "$(dirname "$(table_of "$name")")"
  # Before it starts a container, kubelet has its volumes ready.
  mount_secret "$(serving_folder "$name")"
  snapshot=$(table_of "$name") health_port=${replica_port[$name.health]} \
    controller_metrics_port=${replica_port[$name.controller_metrics]} status_port=${replica_port[$name.status]} \
    server_port=${replica_port[$name.server]} start_controller "controller$suffix"
  snapshot=$(table_of "$name") server_port=${replica_port[$name.server]} \
    server_metrics_port=${replica_port[$name.server_metrics]} status_port=${replica_port[$name.status]} \
    server_name="server$suffix" replica=$name start_server --shutdown-delay-duration=2s
}

# As kubelet does: both containers are asked to end at the same time, once.
end_replica() {
  local suffix=-$1 name status=0
  [[ $1 != a ]] || suffix=
  kill -TERM "${process_ids[controller$suffix]}" "${process_ids[server$suffix]}"
  for name in "controller$suffix" "server$suffix"; do
    wait_until 10 has_ended "$name" || return 1
    wait "${process_ids[$name]}" || status=$?
    # By name, which shellcheck cannot see from here.
    # shellcheck disable=SC2004
    process_ids[$name]=
  done
  seen="exit status $status"
  ((status == 0))
}

# All replicas are its endpoints, while they are ready.
start_balancer() {
  launch balancer python3 "$here/balancer.py" "$balancer_port" \
    "${replica_port[a.server]}" "${replica_port[b.server]}" "${replica_port[c.server]}"
}

# start_readers PATH - all the time and as fast as they get answers, until `finish readers`.
start_readers() {
  launch readers python3 "$here/readers.py" "$balancer_port" "$1" "$pki/admin.crt" "$pki/admin.key"
}

table_of() {
  if [[ $1 == a ]]; then echo "$work/snapshot/routing-table.json"; else echo "$work/replica-$1/routing-table.json"; fi
}

is_replica_ready() {
  [[ $(curl -sf --max-time 2 "http://127.0.0.1:${replica_port[$1.health]}/readyz") == ok ]] \
    && [[ $(curl -skf --max-time 2 "https://127.0.0.1:${replica_port[$1.server]}/readyz") == ok ]]
}

# controller_metric REPLICA NAME
controller_metric() {
  curl -sf --max-time 2 "http://127.0.0.1:${replica_port[$1.controller_metrics]}/metrics" \
    | awk -v name="metrics_router_controller_$2" '$1 == name { print $2 }'
}

# The replicas that say that they lead.
leaders() {
  local name
  for name in "${replica_names[@]}"; do
    if [[ $(controller_metric "$name" leader 2> /dev/null) == 1 ]]; then echo "$name"; fi
  done
}

lease() { kubectl get lease metrics-router -n metrics-router -o "jsonpath={.spec.$1}"; }

# routes_of REPLICA - what its table says, without when and how often it was written.
routes_of() {
  jq -S '.sources | map(del(.retained)) | sort_by(.name)' "$(table_of "$1")"
}

have_same_routes() {
  seen=$(diff <(routes_of "$1") <(routes_of "$2"))
}

# events_of SOURCE REASON - how many there are.
events_of() {
  kubectl get events -n default -o json | jq --arg name "$1" --arg reason "$2" '[.items[]
    | select(.involvedObject.kind == "MetricsSource" and .involvedObject.name == $name and .reason == $reason)] | length'
}

# asked_of REPLICA PATH - the router of that replica itself.
asked_of() {
  server_port=${replica_port[$1.server]} ask "$2" --cert "$pki/admin.crt" --key "$pki/admin.key"
}

# Whether the status is about the spec as it stands.
is_observed() {
  kubectl get ms "$1" -o json | jq -e '.status.observedGeneration == .metadata.generation'
}
