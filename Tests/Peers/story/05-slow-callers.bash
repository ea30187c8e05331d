# Callers that are slow on purpose, 200 at once.
# shellcheck shell=bash

chapter "slow callers"

# slowly MODE ARGUMENT... - while slowhttptest runs, a good caller is answered as quickly as before, or nearly.
slowly() {
  python callers/beside.py "$port" timeout 20 slowhttptest -c 200 -r 200 -l 5 -i 1 -p 2 "$@" \
    -u "https://127.0.0.1:$port$pods/foo"
}
connections() { ss -Htn state established "( sport = :$port )" | wc -l; }
are_gone() {
  local left
  wait_until 4 none_left || true
  left=$(connections)
  echo "$left left"
  ((left <= 1))
}
none_left() { (($(connections) <= 1)); }

expect "slow heads (slowhttptest -H)" slowly -H -x 24
expect "their connections are closed at --read-header-timeout" are_gone
expect "slow bodies (slowhttptest -B)" slowly -B -s 8192 -x 10
expect "their connections are closed as well" are_gone
expect "many ranges (slowhttptest -R)" slowly -R -a 10 -b 3000
expect "slow readers (slowhttptest -X)" slowly -X -w 10 -y 20 -n 1 -z 32 -k 3
