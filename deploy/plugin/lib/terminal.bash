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

# wait_for WHAT COMMAND... - runs it, and says on a terminal after two seconds what is waited for, on a line of its own
# that goes when something is printed. Returns what the command exits with.
wait_for() {
  local what=$1
  shift
  if [[ ! -t 2 ]]; then
    "$@"
    return
  fi
  local status=0 ticker
  tick "$what" "$BASHPID" &
  ticker=$!
  { "$@" || status=$?; } > >(clearing_lines) 2>&2
  # The reader of the output ends when the command's end of the pipe is closed.
  wait "$!" 2> /dev/null || true
  kill "$ticker" 2> /dev/null || true
  wait "$ticker" 2> /dev/null || true
  clear_line
  return "$status"
}

# Until it is killed, or whom it ticks for has ended.
tick() {
  local seconds=2
  sleep 2
  while kill -0 "$2" 2> /dev/null; do
    printf '\r\e[K%s … %d s' "$1" "$seconds" >&2
    sleep 1
    seconds=$((seconds + 1))
  done
}

clear_line() { printf '\r\e[K' >&2; }

clearing_lines() {
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    clear_line
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
