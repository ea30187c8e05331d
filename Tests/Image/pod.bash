# The pod, and questions about its containers.
# shellcheck shell=bash

# container CONTAINER - what podman calls it.
container() { echo "metrics-router-$1"; }

play_pod() {
  kubectl get deployment "$deployment" -n "$namespace" -o json > "$work/deployment.json"
  play_service_account
  play_secrets
  play_resolver
  jq -f "$here/pod.jq" --arg folders "$work/volumes" --arg api_server_host 127.0.0.1 \
    --arg api_server_port "$apiserver_port" "$work/deployment.json" > "$work/pod.json"
  podman kube play "$work/pod.json"
  launch follow-secrets follow_secrets
}

state() { podman inspect --type container --format "{{.State.Status}}" "$(container "$1")"; }
restarts() { podman inspect --type container --format "{{.RestartCount}}" "$(container "$1")"; }
exit_code() { podman inspect --type container --format "{{.State.ExitCode}}" "$(container "$1")"; }
process() { podman inspect --type container --format "{{.State.Pid}}" "$(container "$1")"; }
is_another_process() { seen=$(process "$1") && [[ $seen != 0 && $seen != "$2" ]]; }
log() { podman logs "$(container "$1")" 2>&1; }

# both COMMAND - what it says of either container.
both() { echo "$("$1" controller) $("$1" server)"; }

# status CONTAINER FIELD - of its process, as the kernel has it.
status() { awk -v field="$2:" '$1 == field { $1 = ""; print substr($0, 2) }' "/proc/$(process "$1")/status"; }

# mount_options CONTAINER PATH - rw or ro, as the process has it.
mount_options() { awk -v at="$2" '$5 == at { split($6, options, ","); print options[1] }' "/proc/$(process "$1")/mountinfo"; }

# What is in the folder that the two share, as the server sees it.
shared_files() { ls -A "/proc/$(process server)/root/var/run/metrics-router"; }

# start_asking PATH - without a pause, until `answers` prints how often which answer came.
start_asking() {
  rm -f "$work/logs/asking.log"
  launch asking ask_on "$1"
}
ask_on() { while :; do value "$1" 2>&1 || true; done; }
answers() {
  finish asking > /dev/null || true
  sort "$work/logs/asking.log" | uniq -c
}

# remove_pod - whatever there is of it.
remove_pod() { podman pod rm --all --force --time 5 > /dev/null 2>&1 || true; }
