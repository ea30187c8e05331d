# Processes that a run starts, each known by a name, ended by its own id, and waited for with a deadline.
# The sourcing script sets `work`, a folder of its own; logs go to $work/logs.
# shellcheck shell=bash

# make_work_folder NAME - prints a new folder, of TMPDIR if that is set, else in memory where there is room: etcd and the
# table's volume wait for the disk at every write, and one that stalls for seconds is not what is tested.
make_work_folder() {
  local parent=${TMPDIR-}
  if [[ -z $parent ]]; then
    parent=/tmp
    if [[ -w /dev/shm && $(df --output=avail -k /dev/shm | tail -n 1) -ge 2097152 ]]; then parent=/dev/shm; fi
  fi
  mktemp -d "$parent/metrics-router-$1.XXXXXX"
}

declare -A process_ids=()
process_names=()

# wait_until SECONDS COMMAND... - until COMMAND succeeds; fails when it has not by then.
wait_until() {
  local deadline=$((${EPOCHREALTIME/./} + $1 * 1000000))
  shift
  until "$@"; do
    ((${EPOCHREALTIME/./} < deadline)) || return 1
    sleep 0.1
  done
}

# launch NAME COMMAND... - in the background, with its output appended to NAME's log.
launch() {
  local name=$1
  shift
  mkdir -p "$work/logs"
  "$@" >> "$work/logs/$name.log" 2>&1 < /dev/null &
  [[ -v process_ids[$name] ]] || process_names+=("$name")
  process_ids[$name]=$!
}

is_running() { [[ -n ${process_ids[$1]-} ]] && kill -0 "${process_ids[$1]}" 2> /dev/null; }
has_ended() { ! is_running "$1"; }

# finish NAME - asks the process to end, and insists after ten seconds. Returns its exit status.
finish() {
  local id=${process_ids[$1]-} status=0
  [[ -n $id ]] || return 0
  kill -TERM "$id" 2> /dev/null || true
  wait_until 10 has_ended "$1" || kill -KILL "$id" 2> /dev/null || true
  wait "$id" 2> /dev/null || status=$?
  process_ids[$1]=
  return "$status"
}

# kill_at_once NAME - as a crash or the out-of-memory killer would.
kill_at_once() {
  kill -KILL "${process_ids[$1]}" 2> /dev/null || true
  wait "${process_ids[$1]}" 2> /dev/null || true
  process_ids[$1]=
}

# Ends what still runs, the last started first.
finish_all() {
  local index
  for ((index = ${#process_names[@]} - 1; index >= 0; index--)); do
    finish "${process_names[index]}" || true
  done
}

# free_ports COUNT - that many TCP ports of the loopback that nobody listens on. They lie below those that the kernel
# gives to outgoing connections, so that a process that starts again later finds its port free.
free_ports() {
  python3 -c '
import random, socket, sys
held = []
for port in random.sample(range(20000, 32000), 2000):
    if len(held) == int(sys.argv[1]):
        break
    try:
        held.append(socket.create_server(("127.0.0.1", port)))
    except OSError:
        pass
print(*(s.getsockname()[1] for s in held))' "$1"
}
