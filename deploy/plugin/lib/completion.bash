# Completion: of kubectl 1.26 and newer by kubectl_complete-metricsrouter, of shells by what `completion SHELL` prints. All
# of them ask `__complete`, which answers as cobra does: a candidate a line, perhaps with a tab and a description, then a
# colon and what the shell does besides: 0 completes names of files, 2 adds no space, 4 completes no names of files.
# shellcheck shell=bash

# complete_words WORD... - the last one is what is to be completed, perhaps empty.
complete_words() {
  local count=$# current=${!#} index word flag_name flag_placeholder awaited='' awaited_flag=''
  local -a given=("${@:1:count-1}")
  # The cluster is not waited for long, and what it says is no candidate.
  exec 2> /dev/null
  for ((index = 0; index < ${#given[@]}; index++)); do
    word=${given[index]}
    awaited=''
    case $word in
      -*=*) remember "${word%%=*}" "${word#*=}" ;;
      -?*)
        find_flag "$command" "$word" || continue
        [[ -n $flag_placeholder ]] || continue
        if ((index + 1 < ${#given[@]})); then
          remember "$word" "${given[index + 1]}"
          index=$((index + 1))
        else
          awaited=$flag_placeholder
          awaited_flag=$flag_name
        fi
        ;;
      *) if [[ -z $command && -v command_flags[$word] ]]; then command=$word; else words+=("$word"); fi ;;
    esac
  done
  if [[ -n $awaited ]]; then
    complete_value "$awaited_flag" "$awaited" "$current" ''
  elif [[ $current == --*=* ]] && find_flag "$command" "${current%%=*}"; then
    complete_value "$flag_name" "$flag_placeholder" "${current#*=}" "${current%%=*}="
  elif [[ $current == -* ]]; then
    local name short placeholder help
    while IFS='|' read -r name short placeholder help; do
      [[ -z $name || "--$name" != "$current"* ]] || printf -- '--%s\t%s\n' "$name" "$help"
    done < <(flags_of "$command")
    echo ":4"
  elif [[ -z $command ]]; then
    local candidate
    for candidate in "${command_names[@]}"; do
      [[ $candidate != "$current"* ]] || printf '%s\t%s\n' "$candidate" "${command_summaries[$candidate]}"
    done
    echo ":4"
  else
    case ${command_words[$command]-} in
      FILE...) echo ":0" ;;
      METRIC)
        ((${#words[@]} > 0)) || candidates_of "$current" '' metric_names
        echo ":4"
        ;;
      */*)
        if ((${#words[@]} == 0)); then candidates_of "$current" '' choices "${command_words[$command]}"; fi
        echo ":4"
        ;;
      *) echo ":4" ;;
    esac
  fi
}

remember() { if find_flag "$command" "$1"; then flags["$flag_name"]=$2; fi; }

# complete_value FLAG PLACEHOLDER CURRENT PREFIX - PREFIX is what of the word stands before the value.
complete_value() {
  case $1:$2 in
    *:*/*) candidates_of "$3" "$4" choices "$2" ;;
    *:file)
      echo ":0"
      return
      ;;
    selector:*)
      # A pin: the source that the selector names.
      if [[ $3 == *metricsrouter.io/source=* ]]; then
        candidates_of "${3##*metricsrouter.io/source=}" "$4${3%metricsrouter.io/source=*}metricsrouter.io/source=" source_names
      else
        candidates_of "${3##*,}" "$4$([[ $3 != *,* ]] || printf '%s,' "${3%,*}")" choices metricsrouter.io/source=
        echo ":6"
        return
      fi
      ;;
    namespace:* | router-namespace:*) candidates_of "$3" "$4" names_of namespaces ;;
    pod:*) candidates_of "$3" "$4" pod_names ;;
    context:* | cluster:* | user:*) candidates_of "$3" "$4" "config_names" "$1" ;;
  esac
  echo ":4"
}

# candidates_of CURRENT PREFIX COMMAND... - the lines that it prints and that begin so, each behind PREFIX.
candidates_of() {
  local current=$1 prefix=$2 line
  shift 2
  while IFS= read -r line; do
    [[ -z $line || $line != "$current"* ]] || printf '%s%s\n' "$prefix" "$line"
  done < <("$@" | LC_ALL=C sort -u)
}

# Values of a choice; `file` is none.
choices() {
  if [[ $1 == *=* ]]; then echo "$1"; else tr / '\n' <<< "$1"; fi
}
names_of() { ask_kubectl get "$1" --request-timeout=3s -o name | sed 's|.*/||'; }
source_names() { names_of metricssources.metricsrouter.io.metricsrouter.io; }
pod_names() { router_pods | cut -d' ' -f1; }
config_names() {
  if [[ $1 == context ]]; then ask_kubectl config get-contexts -o name; else ask_kubectl config view -o "jsonpath={.${1}s[*].name}" | tr ' ' '\n'; fi
}
metric_names() {
  find_pod server || return 0
  # As a table, since shells have no reader of JSON. A claim is no metric.
  in_pod server metrics-router-server routes | awk -F '   +' 'NR > 1 && $2 != "claim" { print $1 }'
}

# print_completion SHELL
print_completion() {
  case $1 in
    bash) cat "$home/completions/metricsrouter.bash" ;;
    zsh) cat "$home/completions/_kubectl-metricsrouter" ;;
    fish) cat "$home/completions/kubectl-metricsrouter.fish" ;;
    *) usage_error "\"$1\" is no shell that is known: bash, zsh or fish" ;;
  esac
}
