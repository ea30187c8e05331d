# What is said of the router, each with a command that shows whether it holds. One line each.
# shellcheck shell=bash

passed=0
failed=0
# What the last command said.
said=

chapter() { printf '\n== %s\n' "$*"; }

# expect SENTENCE COMMAND... - holds where COMMAND succeeds. What it prints on its first line stands behind the sentence.
# It runs in this shell, whose children it may wait for.
expect() {
  local sentence=$1 from=${EPOCHREALTIME/./} outcome=ok took first
  shift
  if "$@" > "$work/said" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    outcome=FAILED
  fi
  said=$(head -c 8000 "$work/said" | tr -d '\0')
  took=$(((${EPOCHREALTIME/./} - from) / 100000))
  first=${said%%$'\n'*}
  printf '%-6s %s%s (%d.%d s)\n' "$outcome" "$sentence" "${first:+ - $first}" $((took / 10)) $((took % 10))
  [[ $outcome == ok ]] || head -n 30 <<< "$said" | sed 's/^/         /'
}

# says TEXT COMMAND... - succeeds, and prints exactly that.
says() {
  local expected=$1 got
  shift
  got=$("$@") || { echo "status $?: $got"; return 1; }
  [[ $got == "$expected" ]] || { printf 'got %s\nexpected %s\n' "$got" "$expected"; return 1; }
}

# h2load_says REQUESTS ARGUMENT... - all of them 2xx.
h2load_says() {
  local count=$1 output
  shift
  output=$(timeout 30 h2load -n "$count" "$@") || { echo "$output"; return 1; }
  [[ $output == *" $count succeeded, 0 failed, 0 errored, 0 timeout"* && $output == *"status codes: $count 2xx, "* ]] \
    || { echo "$output"; return 1; }
  sed -n 's/^finished in //p' <<< "$output"
}

summarize() { printf '\n%d passed, %d failed\n' "$passed" "$failed"; }
