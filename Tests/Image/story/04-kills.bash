# Each container is killed, as the out-of-memory killer would and by podman, and comes back.
# shellcheck shell=bash

# crash CONTAINER - ends its process from outside, of which podman learns as of any other end.
crash() { kill -KILL "$(process "$1")"; }

# kill_container CONTAINER - podman 4.3 takes its own `kill` for a wish that the container stay away, so who wants it to
# run starts it, as kubelet does.
kill_container() {
  podman kill "$(container "$1")" > /dev/null
  wait_until 10 prints exited state "$1"
  podman start "$(container "$1")" > /dev/null
}

for way in crash kill_container; do
  chapter "The controller is killed ($way)"

  former=$(process controller)
  start_asking "$foo"
  show "$way" controller
  eventually 30 "It runs again" is_another_process controller "$former"
  eventually 30 "The probes of both are answered" probes_answer
  [[ $way != crash ]] || expect "The pod's restart policy did it, and the server was left alone" prints '1 0' both restarts
  expect "Meanwhile every request was answered" prints_match '^ *[0-9]+ 1500m$' answers
  kubectl patch ms queues --type=merge -p '{"spec":{"priority":200}}' > /dev/null
  eventually 20 "It routes what changes from now on" prints 2500m value "$foo"

  chapter "The server is killed ($way)"

  former=$(process server)
  show "$way" server
  eventually 30 "It runs again" is_another_process server "$former"
  eventually 30 "The probes of both are answered" probes_answer
  [[ $way != crash ]] || expect "The pod's restart policy did it, and the controller was left alone" prints '1 1' both restarts
  eventually 30 "Metrics are served again, from the table that the two share" prints 2500m value "$foo"
  eventually 20 "Of both kinds" prints 42 value "$queue_length"
  kubectl patch ms queues --type=merge -p '{"spec":{"priority":50}}' > /dev/null
  eventually 20 "It sees what the controller writes" prints 1500m value "$foo"
done
expect "Both containers run" prints 'running running' both state
