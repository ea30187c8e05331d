# Either process is killed at any instant, and nothing is lost, half-written or left behind.
# shellcheck shell=bash

# kills ROLE COUNT
kills() {
  local -a ports
  mkdir -p "$work/kills-$1"
  read -ra ports <<< "$(free_ports 4)"
  python_seconds=$((60 + $2 * 4)) python "$here/faults/kills.py" "$1" "$2" "$products" "$work/kills-$1" "${ports[@]}"
}

instants=$(number 500 40)
row "SIGKILL of the server at $instants instants" "good table ≤ 2 s after restart" kills server "$instants"
row "SIGKILL of the controller at $instants instants" "answered all the while, published again ≤ 5 s after restart, no file half-written" kills controller "$instants"
if is_full; then
  row "SIGKILL of both at 100 instants" "good table ≤ 2 s after restart, no file half-written" kills both 100
fi
