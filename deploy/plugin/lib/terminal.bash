# What differs on a terminal: colours, and a line that says what is waited for.
# shellcheck shell=bash

bold='' red='' green='' yellow='' plain=''

# Colours are for a terminal alone, and not for who has NO_COLOR set (https://no-color.org); --color overrules both.
choose_colors() {
  case ${flags[color]-auto} in
    never) return 0 ;;
    always) ;;
    *)
      [[ -t 1 && -z ${NO_COLOR-} && ${TERM-dumb} != dumb ]] || return 0
      ;;
  esac
  bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' yellow=$'\e[33m' plain=$'\e[0m'
}

# How long something may take before it is said what is waited for, in seconds.
patience=2

# wait_for WHAT COMMAND... - runs it, and says on a terminal after two seconds what is waited for, on a line of its own
# that goes when something is printed. Returns what the command exits with.
wait_for() {
  local what=$1
  shift
  if [[ ! -t 2 ]]; then
    "$@"
    return
  fi
  local status=0 ticker printer began=$SECONDS
  tick "$what" "$BASHPID" &
  ticker=$!
  { "$@" || status=$?; } > >(print_lines "$began")
  printer=$!
  # It ends when the command's end of the pipe is closed.
  wait "$printer" 2> /dev/null || true
  kill "$ticker" 2> /dev/null || true
  wait "$ticker" 2> /dev/null || true
  clear_line "$began"
  return "$status"
}

# tick WHAT PROCESS - until it is killed, or the process has ended.
tick() {
  local seconds=$patience
  sleep "$patience"
  while kill -0 "$2" 2> /dev/null; do
    printf '\r\e[K%s … %d s' "$1" "$seconds" >&2
    sleep 1
    seconds=$((seconds + 1))
  done
}

# clear_line BEGAN - takes the line back, if there has been time for one.
clear_line() { if ((SECONDS - $1 >= patience)); then printf '\r\e[K' >&2; fi; }

# print_lines BEGAN
print_lines() {
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    clear_line "$1"
    printf '%s\n' "$line"
  done
}

# complain TEXT - on standard error, with the program's name.
complain() { printf '%s: %s\n' "$program" "$*" >&2; }

# fail STATUS TEXT
fail() {
  local status=$1
  shift
  complain "$@"
  exit "$status"
}
