# The pod is ended, as kubelet would.
# shellcheck shell=bash

chapter "Ending"

for container in controller server; do
  expect "The $container never tried to write where it cannot" fails_with '^$' grep -i 'read-only' <(log "$container")
  expect "Nor does its log tell the token" fails_with '^$' grep -F -f "$work/token" <(log "$container")
done
show podman pod stop --time 30 metrics-router
expect "Both ended by themselves, in time, and well" prints '0 0' both exit_code
remove_pod
expect "Nothing is left of the pod" prints '' podman ps --all --pod --quiet
