# The rows of the matrix: what was done, what has to hold, what was measured, and whether it held.
# shellcheck shell=bash

passed=0
failed=0
rows=()
cleanups=()

is_full() { [[ -n ${CHAOS_FULL-} ]]; }

# number FULL REDUCED - the one that this run works with.
number() { if is_full; then echo "$1"; else echo "$2"; fi; }

# row CASE BAR COMMAND... - holds where COMMAND succeeds; what it prints on its first line is what was measured. It runs
# in this shell, whose processes it may start and wait for.
row() {
  local case=$1 bar=$2 from=$SECONDS outcome=pass measured
  shift 2
  if "$@" > "$work/said" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    outcome=FAILED
  fi
  measured=$(head -n 1 "$work/said" | tr -d '\0' | cut -c1-200)
  rows+=("| $case | $bar | ${measured//|/\\|} | $outcome |")
  printf '%-6s %s - %s - bar: %s (%d s)\n' "${outcome/pass/ok}" "$case" "$measured" "$bar" $((SECONDS - from))
  [[ $outcome == pass ]] || head -c 8000 "$work/said" | tr -d '\0' | head -n 40 | sed 's/^/         /'
}

# at_the_end COMMAND... - what has to be undone whatever happens, last first.
at_the_end() { cleanups=("$(printf '%q ' "$@")" ${cleanups[@]+"${cleanups[@]}"}); }

clean_up() {
  local command
  for command in ${cleanups[@]+"${cleanups[@]}"}; do eval "$command" || true; done
  cleanups=()
}

print_table() {
  {
    echo "| case | bar | measured | |"
    echo "|---|---|---|---|"
    printf '%s\n' ${rows[@]+"${rows[@]}"}
  } > "${OUTPUT:-$work/table.md}"
  printf '\n'
  cat "${OUTPUT:-$work/table.md}"
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
}
