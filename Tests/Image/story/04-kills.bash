# Each container is killed once, as the out-of-memory killer would, and comes back by itself.
# shellcheck shell=bash

chapter "The controller is killed"

former=$(process controller)
start_asking "$foo"
show podman kill "$(container controller)"
eventually 20 "It is started again" prints '1 0' both restarts
eventually 20 "Its probes are answered" probes_answer
expect "It is another process" is_another_process controller "$former"
expect "Meanwhile every request was answered" prints_match '^ *[0-9]+ 1500m$' answers
kubectl patch ms queues --type=merge -p '{"spec":{"priority":200}}' > /dev/null
eventually 10 "It routes what changes from now on" prints 2500m value "$foo"

chapter "The server is killed"

former=$(process server)
show podman kill "$(container server)"
eventually 20 "It is started again" prints '1 1' both restarts
eventually 20 "Its probes are answered" probes_answer
expect "It is another process" is_another_process server "$former"
eventually 20 "Metrics are served again, from the table that the two share" prints 2500m value "$foo"
eventually 10 "Of both kinds" prints 42 value "$queue_length"
kubectl patch ms queues --type=merge -p '{"spec":{"priority":50}}' > /dev/null
eventually 10 "It sees what the controller writes" prints 1500m value "$foo"
expect "Both containers run" prints 'running running' both state
