# What a story is told in: chapters, and sentences that hold or do not. Each shows the command as a user would type it.
# shellcheck shell=bash

passed=0
failed=0
# What the last comparison saw, for the report of a failure.
seen=

chapter() { printf '\n== %s\n' "$*"; }

indent() { sed 's/^/      /'; }

# show COMMAND... - prints the command, then runs it. Its standard input is shown too when it is a manifest (`-f -`).
show() {
  if [[ " $* " == *" -f - "* ]]; then
    local input
    input=$(cat)
    printf '      $ %s << EOF\n%s\n      EOF\n' "$(command_line "$@")" "$(indent <<< "$input")"
    "$@" <<< "$input" 2>&1 | indent
  else
    printf '      $ %s\n' "$(command_line "$@")"
    "$@" 2>&1 | indent
  fi
}

# expect SENTENCE [COMPARISON] COMMAND... - holds when it holds now.
expect() { eventually 0 "$@"; }

# eventually SECONDS SENTENCE [COMPARISON] COMMAND... - holds when it holds once within that time.
eventually() {
  local seconds=$1 sentence=$2 from=${EPOCHREALTIME/./} outcome=ok took
  shift 2
  seen=
  if wait_until "$seconds" "$@" > /dev/null 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    outcome=FAILED
  fi
  took=$(((${EPOCHREALTIME/./} - from) / 100000))
  printf '%-6s %s (%d.%d s)\n' "$outcome" "$sentence" $((took / 10)) $((took % 10))
  printf '      $ %s\n' "$(what_is_typed "$@")"
  [[ $outcome == ok ]] || report_failure "$seconds" "$@"
}

report_failure() {
  local seconds=$1 allowed=
  shift
  [[ $seconds == 0 ]] || allowed=" within $seconds s"
  case $1 in
    prints | prints_match | fails_with) printf '      expected%s: %s: %s\n' "$allowed" "$1" "$2" ;;
    *) printf '      expected%s: success\n' "$allowed" ;;
  esac
  printf '      last seen:\n%s\n' "$(head -n 40 <<< "$seen" | indent)"
}

# prints TEXT COMMAND... - succeeds, and prints exactly that.
prints() {
  local expected=$1
  shift
  seen=$("$@" 2>&1) && [[ $seen == "$expected" ]]
}

# prints_match REGEX COMMAND... - succeeds, and prints something that matches.
prints_match() {
  local expected=$1
  shift
  seen=$("$@" 2>&1) && [[ $seen =~ $expected ]]
}

# fails_with REGEX COMMAND... - fails, with a message that matches.
fails_with() {
  local expected=$1
  shift
  seen=$("$@" 2>&1) && return 1
  [[ $seen =~ $expected ]]
}

# passes_promtool URL - what is served there is in Prometheus' format, and named as its linter wants.
passes_promtool() {
  seen=$(curl -sf --max-time 5 "$1" | promtool check metrics 2>&1) && [[ -z $seen ]]
}

# ends_well PROCESS - on SIGTERM, in time, and with status 0.
ends_well() {
  local status=0
  finish "$1" || status=$?
  seen="exit status $status"
  ((status == 0))
}

# The command of a comparison, without the comparison.
what_is_typed() {
  case $1 in
    prints | prints_match | fails_with) shift 2 ;;
  esac
  # What the words of the story are short for.
  case $1 in
    ask)
      local path=$2
      shift 2
      set -- curl -k "$@" "https://127.0.0.1:$server_port$path"
      ;;
    user_of) set -- kubectl create -f tokenreview.yaml -o 'jsonpath={.status.user.username}' ;;
    rights_of) set -- kubectl auth can-i --list -n "$3" --token="$2" ;;
    as_holder) set -- curl -H "@$(basename "$2")" -X "$3" ${5:+--data "$5"} "https://127.0.0.1:$apiserver_port$4" ;;
    asked_by) set -- curl -k -H "@$(basename "$2")" "https://127.0.0.1:$prometheus_port$3" ;;
    ends_well) set -- kill -TERM "$2" ;;
    value) set -- kubectl get --raw "$2" ;;
    asked_of) set -- curl -k "https://127.0.0.1:${replica_port[$2.server]}$3" ;;
    is_replica_ready) set -- curl -k "https://127.0.0.1:${replica_port[$2.server]}/readyz" ;;
    end_replica) set -- kubectl delete pod "$2" ;;
    lease) set -- kubectl get lease metrics-router -n metrics-router -o "jsonpath={.spec.$2}" ;;
    is_observed) set -- kubectl get ms "$2" -o "jsonpath={.metadata.generation} {.status.observedGeneration}" ;;
    events_of) set -- kubectl get events -n default --field-selector "involvedObject.name=$2,reason=$3" ;;
    conditions) set -- kubectl get ms "$2" -o "jsonpath={.status.conditions}" ;;
    preferred_version) set -- kubectl get --raw "/apis/$2" ;;
    group_names) set -- curl -k "https://127.0.0.1:$server_port/apis" ;;
    changes_of_applying_the_secret) set -- kubectl apply -f deploy/kustomize/base/serving-certificate.yaml ;;
    served_certificate | is_served_by_another) set -- openssl s_client -connect "127.0.0.1:$server_port" ;;
    authority_of_secret) set -- kubectl get secret metrics-router-serving-certificate -n metrics-router -o "jsonpath={.data.${2/./\\.}}" ;;
    keys_of_secret) set -- kubectl get secret metrics-router-serving-certificate -n metrics-router -o "jsonpath={.data}" ;;
    trusted_by) set -- kubectl get apiservice "$2" -o "jsonpath={.spec.insecureSkipTLSVerify} {.spec.caBundle}" ;;
    changes_of_applying_again) set -- kubectl apply -f deploy/all-in-one.yaml ;;
  esac
  command_line "$@"
}

# Quotes only what a shell would not take as it is.
command_line() {
  local word line=
  for word in "$@"; do
    [[ $word =~ ^[A-Za-z0-9_./:=,@%+-]+$ ]] || word="'${word//\'/\'\\\'\'}'"
    line+=" $word"
  done
  printf '%s' "${line# }"
}

# The last line of a run.
summarize() { printf '\n%d passed, %d failed\n' "$passed" "$failed"; }
