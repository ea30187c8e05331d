# Two containers of the image, as the Deployment has them.
# shellcheck shell=bash

chapter "The pod of deploy/all-in-one.yaml"

start_cluster
printf '       Kubernetes %s, %s\n' "$(kubectl get --raw /version | jq -r .gitVersion)" "$(podman --version)"
show kubectl apply -f deploy/all-in-one.yaml
kubectl wait --for=condition=Established --timeout=10s crd/metricssources.metricsrouter.io.metricsrouter.io > /dev/null
start_adapters
show play_pod
eventually 10 "Both containers run" prints 'running running' both state
eventually 30 "The probes of both are answered, all three" probes_answer
expect "Nothing had to be tried twice" prints '0 0' both restarts

chapter "What the containers may do"

for container in controller server; do
  expect "The $container is run by the user whom the manifest names" prints '65532 65532 65532 65532' status "$container" Uid
  expect "… and by the group" prints '65532 65532 65532 65532' status "$container" Gid
  expect "… has no capability" prints 0000000000000000 status "$container" CapEff
  expect "… can get none" prints 0000000000000000 status "$container" CapBnd
  expect "… can take on no other rights" prints 1 status "$container" NoNewPrivs
  expect "… has its system calls filtered" prints 2 status "$container" Seccomp
  expect "… sees a root that nobody can write to" prints ro mount_options "$container" /
done
expect "The controller writes the routing table" prints rw mount_options controller /var/run/metrics-router
expect "The server can only read it" prints ro mount_options server /var/run/metrics-router
expect "No more is in the folder that they share" prints routing-table.json shared_files
